import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { Principal } from '@countersign/sessions';
import type { MintedToken } from './minted-token';

/** Adds claims of a module to identity tokens. */
export interface IdentityClaimSource {
  /**
   * Claims to add, for the names that the source declares; an absent one is not in the token. Called when a token is
   * made, never for a check that finds one in the cache. The token is dated from before the call.
   */
  read(principal: Principal): Promise<Readonly<Record<string, unknown>>>;

  /**
   * Whether the claims of a cached token are still right. Called for every check: no statement, no promise, no
   * allocation.
   */
  isCurrent(token: MintedToken): boolean;
}

/** The names of the claims that a source adds. */
const IdentityClaimsOf = extensionPoint<IdentityClaimSource, readonly string[]>();

/** Registers a provider as a source of claims of identity tokens, with the names of its claims. */
export function AddsIdentityClaims(
  ...names: readonly [string, ...string[]]
): (provider: new (...dependencies: never[]) => IdentityClaimSource) => void {
  return IdentityClaimsOf(names);
}

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
