import { SECOND } from '@countersign/clock';
import { shownAssuranceOf, type Principal } from '@countersign/sessions';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { StandardClaims } from './token-signer';

/** The inputs of a token. */
export interface TokenRequest {
  readonly principal: Principal;
  readonly audience: string;
  readonly notAfter: Date;
}

/** A token, and what must be unchanged to reuse it for the same session and audience. */
export interface MintedToken {
  readonly token: string;
  readonly kid: string | undefined;
  readonly userId: string;
  readonly applicationId: string;
  readonly scopes: readonly string[];
  readonly assurance: string;
  readonly door: string | null;
  /** Seconds since 1970. */
  readonly authenticatedAt: number;
  /** Milliseconds since 1970, like `expiresAt`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The claims of other modules, see `IdentityClaimSource`. */
  readonly added: Readonly<Record<string, unknown>>;
}

/** The claims of our own token, without verifying its signature. */
export function readMinted(token: string): MintedToken {
  const { kid } = decodeProtectedHeader(token);
  const {
    sub,
    client_id: applicationId,
    scope,
    acr,
    amr,
    auth_time,
    iat,
    exp,
    iss: _iss,
    aud: _aud,
    sid: _sid,
    jti: _jti,
    ...added
  } = decodeJwt<StandardClaims>(token);
  return {
    token,
    kid,
    userId: sub,
    applicationId,
    scopes: scope === '' ? [] : scope.split(' '),
    assurance: acr,
    door: amr[0] ?? null,
    authenticatedAt: auth_time,
    issuedAt: iat * SECOND,
    expiresAt: exp * SECOND,
    added,
  };
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
    minted.userId === principal.userId &&
    minted.applicationId === principal.applicationId &&
    minted.assurance === shownAssuranceOf(principal) &&
    minted.door === principal.door &&
    minted.authenticatedAt === Math.floor(principal.authenticatedAt.getTime() / SECOND) &&
    areSame(minted.scopes, principal.scopes) &&
    minted.expiresAt <= notAfter.getTime() &&
    2 * (minted.expiresAt - now.getTime()) >= minted.expiresAt - minted.issuedAt
  );
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some === others) return true;
  return some.length === others.length && some.every((one, index) => one === others[index]);
}
