import { decodeBase64Url, readJsonObject } from './encoding';
import { IdentityTokenError } from './identity-token-error';

/** What the header of a token says. Nothing of it is proved. */
export interface JwsHeader {
  readonly type: unknown;
  readonly algorithm: unknown;
  readonly keyId: unknown;
}

/** In characters. Identity tokens have about six hundred. */
const LONGEST = 8_192;

/**
 * Reads the header of a JWS in its compact form (RFC 7515, section 7.1). Keys that it brings along (`jwk`, `jku`,
 * `x5c`, `x5u`) are not looked at.
 * @throws IdentityTokenError malformed
 */
export function readJwsHeader(token: string): JwsHeader {
  if (token.length > LONGEST) throw new IdentityTokenError('malformed');
  const parts = token.split('.').map(decodeBase64Url);
  const header = parts[0] && readJsonObject(parts[0]);
  // "crit" names rules that we would have to know.
  if (parts.length !== 3 || parts.includes(undefined) || !header || header.has('crit')) {
    throw new IdentityTokenError('malformed');
  }
  return { type: header.get('typ'), algorithm: header.get('alg'), keyId: header.get('kid') };
}
