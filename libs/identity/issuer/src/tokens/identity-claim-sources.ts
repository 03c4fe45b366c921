import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Principal } from '@countersign/sessions';
import { IdentityClaimsOf, type IdentityClaimSource } from './identity-claims';
import type { MintedToken } from './minted-token';

interface Registered {
  readonly names: readonly string[];
  readonly source: IdentityClaimSource;
}

/** The sources of claims of other modules: all providers with `@AddsIdentityClaims`. */
@Injectable()
export class IdentityClaimSources {
  private found: readonly Registered[] | null = null;

  constructor(private readonly discovery: DiscoveryService) {}

  /** The claims of all sources. A source adds no claims but those that it declares. */
  async read(principal: Principal): Promise<Readonly<Record<string, unknown>>> {
    const claims: Record<string, unknown> = {};
    for (const { names, source } of this.all) {
      const read = await source.read(principal);
      for (const name of names) if (read[name] !== undefined) claims[name] = read[name];
    }
    return claims;
  }

  /** Whether the claims of all sources are still right. */
  areCurrent(token: MintedToken): boolean {
    for (const { source } of this.all) if (!source.isCurrent(token)) return false;
    return true;
  }

  private get all(): readonly Registered[] {
    this.found ??= this.discovery.getProviders({ metadataKey: IdentityClaimsOf.KEY }).flatMap((provider) => {
      const names = this.discovery.getMetadataByDecorator(IdentityClaimsOf, provider);
      return names ? [{ names, source: provider.instance as IdentityClaimSource }] : [];
    });
    return this.found;
  }
}
