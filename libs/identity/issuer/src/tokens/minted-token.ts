import { SECOND } from '@countersign/clock';
import { shownAssuranceOf, type Principal } from '@countersign/sessions';

/** The inputs of a token. */
export interface TokenRequest {
  readonly principal: Principal;
  readonly audience: string;
  readonly notAfter: Date;
}

/** A token, and what must be unchanged to reuse it for the same session and audience. */
export interface MintedToken {
  readonly token: string;
  readonly kid: string;
  readonly principal: Principal;
  /** Milliseconds since 1970, like `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/**
 * Whether a token of the session and the audience can be used at `now`: it has the content of a new one, the
 * current key signed it, at least half of its life is left, and it does not outlive the requested expiry.
 */
export function isGoodFor(
  { principal, notAfter }: TokenRequest,
  minted: MintedToken,
  signing: { readonly kid: string },
  now: Date,
): boolean {
  return (
    minted.kid === signing.kid &&
    (minted.principal === principal || haveSameClaims(minted.principal, principal)) &&
    minted.expiresAt <= notAfter.getTime() &&
    2 * (minted.expiresAt - now.getTime()) >= minted.expiresAt - minted.issuedAt
  );
}

function haveSameClaims(one: Principal, other: Principal): boolean {
  return (
    one.userId === other.userId &&
    one.applicationId === other.applicationId &&
    shownAssuranceOf(one) === shownAssuranceOf(other) &&
    one.door === other.door &&
    secondOf(one) === secondOf(other) &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every((scope, index) => scope === other.scopes[index])
  );
}

function secondOf({ authenticatedAt }: Principal): number {
  return Math.floor(authenticatedAt.getTime() / SECOND);
}
