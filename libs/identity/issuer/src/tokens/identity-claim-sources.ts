import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Principal } from '@countersign/sessions';
import { IdentityClaimsOf } from './identity-claims';
import type { MintedToken } from './minted-token';

/** The sources of claims of other modules: all providers with `@AddsIdentityClaims`. */
@Injectable()
export class IdentityClaimSources {
  private readonly sources;

  constructor(discovery: DiscoveryService) {
    this.sources = IdentityClaimsOf.in(discovery);
  }

  /** The claims of all sources. A source adds no claims but those that it declares. */
  async read(principal: Principal): Promise<Readonly<Record<string, unknown>>> {
    const claims: Record<string, unknown> = {};
    for (const { declaration: names, provider: source } of this.sources.declared) {
      const read = await source.read(principal);
      for (const name of names) if (read[name] !== undefined) claims[name] = read[name];
    }
    return claims;
  }

  /** Whether the claims of all sources are still right. */
  areCurrent(token: MintedToken): boolean {
    for (const source of this.sources.all) if (!source.isCurrent(token)) return false;
    return true;
  }
}
