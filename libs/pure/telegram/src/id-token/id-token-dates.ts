import { accepted, refused, type Result } from '@countersign/errors';
import type { JsonMember, JsonMembers } from '@countersign/text';
import type { IdTokenRefusal } from './id-token-refusals';

export interface IdTokenDates {
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** In seconds. Telegram's tokens live for an hour. */
const MAX_LIFETIME_SECONDS = 86_400;

/**
 * Reads `iat`, `exp` and, where there is one, `nbf`: whole Unix seconds.
 *
 * @param maxSkewSeconds how far the issuer's clock may be ahead of ours; nothing is added to a token's life
 */
export function readIdTokenDates(
  claims: JsonMembers,
  now: Date,
  maxSkewSeconds: number,
): Result<IdTokenDates, IdTokenRefusal> {
  const expiry = unixSeconds(claims.get('exp'));
  if (expiry === undefined) return refused('oidc.expiry_invalid');
  const issued = unixSeconds(claims.get('iat'));
  if (issued === undefined) return refused('oidc.issued_at_invalid');
  const earliest = claims.has('nbf') ? unixSeconds(claims.get('nbf')) : issued;
  if (earliest === undefined) return refused('oidc.not_before_invalid');

  const seconds = Math.floor(now.getTime() / 1000);
  if (issued > seconds + maxSkewSeconds) return refused('oidc.issued_in_future');
  if (earliest > seconds + maxSkewSeconds) return refused('oidc.not_yet_valid');
  if (expiry <= issued || expiry - issued > MAX_LIFETIME_SECONDS) return refused('oidc.lifetime_invalid');
  if (expiry <= seconds) return refused('oidc.expired');
  return accepted({ issuedAt: new Date(issued * 1000), expiresAt: new Date(expiry * 1000) });
}

/** By source text: a fraction, an exponent or milliseconds are no Unix seconds. */
function unixSeconds(member: JsonMember | undefined): number | undefined {
  return member && /^[1-9]\d{8,10}$/.test(member.source) ? Number(member.source) : undefined;
}
