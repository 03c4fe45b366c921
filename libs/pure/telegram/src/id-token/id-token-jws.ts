import { accepted, refused, type Result } from '@countersign/errors';
import { decodeBase64url, isLongerThan, readJsonBytes, type JsonMembers } from '@countersign/text';
import type { IdTokenRefusal } from './id-token-refusals';
import { ID_TOKEN_ALGORITHMS, isKeyId, type IdTokenAlgorithm } from './jwks';

/** A parsed token. Nothing of it is verified. */
export interface IdTokenJws {
  readonly algorithm: IdTokenAlgorithm;
  readonly keyId: string;
  /** Header and payload as written in the token: the signed bytes. */
  readonly signedText: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** In bytes. Telegram's tokens have about one thousand. */
const MAX_ID_TOKEN_BYTES = 8192;

/** Reads a JWS in its compact form (RFC 7515, section 7.1), in one spelling only. */
export function readIdTokenJws(token: string): Result<IdTokenJws, IdTokenRefusal> {
  if (isLongerThan(MAX_ID_TOKEN_BYTES, token)) return refused('oidc.token_too_long');
  const [header, payload, signature, ...more] = token.split('.').map(decodeBase64url);
  if (!header?.length || !payload?.length || !signature || more.length > 0) {
    return refused('oidc.token_malformed');
  }

  const members = readJsonBytes(header);
  if (!members) return refused('oidc.header_malformed');
  const named = readHeader(members);
  if (!named.ok) return named;
  const signedText = token.slice(0, token.lastIndexOf('.'));
  return accepted({ ...named.value, signedText, payload, signature });
}

/** Keys inside a header (`jwk`, `jku`, `x5c`, `x5u`) are ignored. */
function readHeader(
  members: JsonMembers,
): Result<{ readonly algorithm: IdTokenAlgorithm; readonly keyId: string }, IdTokenRefusal> {
  if (members.has('crit')) return refused('oidc.critical_header');
  if (!isJwtType(members.get('typ')?.value)) return refused('oidc.type_not_allowed');
  const algorithm = ID_TOKEN_ALGORITHMS.find((one) => one === members.get('alg')?.value);
  if (!algorithm) return refused('oidc.algorithm_not_allowed');
  const keyId = members.get('kid')?.value;
  return isKeyId(keyId) ? accepted({ algorithm, keyId }) : refused('oidc.key_id_invalid');
}

/** Access and log-out tokens of other issuers say `at+jwt` or `logout+jwt` here (RFC 8725, section 3.11). */
function isJwtType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && /^(application\/)?jwt$/i.test(typ));
}
