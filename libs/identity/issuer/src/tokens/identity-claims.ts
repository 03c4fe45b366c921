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
export const IdentityClaimsOf = extensionPoint<IdentityClaimSource, readonly string[]>();

/** Registers a provider as a source of claims of identity tokens, with the names of its claims. */
export function AddsIdentityClaims(
  ...names: readonly [string, ...string[]]
): (provider: new (...dependencies: never[]) => IdentityClaimSource) => void {
  return IdentityClaimsOf(names);
}
