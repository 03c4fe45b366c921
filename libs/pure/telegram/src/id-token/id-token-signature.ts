import { constants, verify, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import type { IdTokenJws } from './id-token-jws';
import type { IdTokenRefusal } from './id-token-refusals';
import type { IdTokenKeys } from './jwks';

/** Each applies to one type of key, and is ignored for the other. */
const FORMS = { dsaEncoding: 'ieee-p1363', padding: constants.RSA_PKCS1_PADDING } as const;

/**
 * Checks that the issuer signed this token, with the algorithm of its key (RFC 7518, RFC 8037, RFC 8812).
 * Does not check claims. An ECDSA signature has a second valid form: a signature does not identify a token.
 */
export function checkIdTokenSignature(jws: IdTokenJws, keys: IdTokenKeys): Result<null, IdTokenRefusal> {
  const known = keys.get(jws.keyId);
  if (!known) return refused('oidc.unknown_key');
  const { alg, key } = known;
  if (alg !== jws.algorithm) return refused('oidc.algorithm_mismatch');
  if (jws.signature.length !== signatureLength(key)) return refused('oidc.signature_malformed');

  const signed = Buffer.from(jws.signedText, 'latin1');
  const isRight =
    alg === 'EdDSA'
      ? verify(null, signed, key, jws.signature)
      : verify('sha256', signed, { key, ...FORMS }, jws.signature);
  return isRight ? accepted(null) : refused('oidc.signature_mismatch');
}

/** In bytes. An elliptic one is two numbers of 32, whichever of the three curves it is on. */
function signatureLength(key: KeyObject): number {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  return modulusLength === undefined ? 64 : Math.ceil(modulusLength / 8);
}
