import { createHash, timingSafeEqual } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { calculateJwkThumbprint, compactVerify, errors, importJWK, type CryptoKey } from 'jose';
import type { DpopRefusal } from './dpop-refusals';
import type { ProofClaims } from './proof-claims';
import { assertAgeBounds, findDateFault, type ProofAgeBounds } from './proof-dates';
import { readProof } from './read-proof';
import { isSameUri } from './same-uri';
import type { ProofHeader } from './proof-header';

/** The request that a proof has to be for. */
export interface DpopExpectation extends ProofAgeBounds {
  /** As in the request line: methods have a case. */
  readonly method: string;
  /** The absolute URL as the client sees it, not as a gateway passes it on. Query and fragment do not count. */
  readonly uri: string;
  /** The access token that came with the proof; null when none did, and then `ath` is ignored. */
  readonly accessToken: string | null;
  /**
   * Says whether a nonce is ours and still good. Called only for a proof with a nonce, and before its
   * signature is checked: it must not spend anything. A fresh nonce replaces the bounds of `iat`, so it has
   * to bound the age itself. Whether a nonce is required is up to the caller, by `DpopProof.nonce`.
   */
  readonly judgeNonce: (nonce: string) => 'fresh' | 'stale';
}

/** A verified proof. The caller still has to check that it is the first with its `proofId`. */
export interface DpopProof {
  /** Names the key: SHA-256 in base64url, 43 characters (RFC 7638). */
  readonly thumbprint: string;
  /**
   * Identifies the proof: 32 bytes, SHA-256 over thumbprint and `jti`. Not over the signature, since ECDSA
   * has a second valid one.
   */
  readonly proofId: Buffer;
  /** By the client's clock. Unbounded where `nonce` is not null. */
  readonly madeAt: Date;
  /** Null when the proof has none; fresh otherwise. */
  readonly nonce: string | null;
}

/**
 * Accepts a DPoP proof (RFC 9449, section 4.3) that is well-formed, for this request and this access token,
 * in time, and signed by the key that it carries. Nothing in `proof` or `expected.uri` makes it throw. The
 * signature is checked last, since only that is costly.
 *
 * @throws RangeError for bounds that would check nothing
 */
export async function verifyDpopProof(
  proof: string,
  expected: DpopExpectation,
): Promise<Result<DpopProof, DpopRefusal>> {
  assertAgeBounds(expected);
  const read = readProof(proof);
  if (!read.ok) return read;
  const { header, claims } = read.value;
  const fault =
    findRequestFault(claims, expected) ??
    findFreshnessFault(claims, expected) ??
    (await findSignatureFault(proof, header));
  if (fault) return refused(fault);

  const thumbprint = await calculateJwkThumbprint(header.jwk, 'sha256');
  const proofId = proofIdOf(thumbprint, claims.id);
  return accepted({ thumbprint, proofId, madeAt: new Date(claims.issuedAt * 1000), nonce: claims.nonce });
}

function findRequestFault(
  claims: ProofClaims,
  { method, uri, accessToken }: DpopExpectation,
): DpopRefusal | undefined {
  if (claims.method !== method) return 'dpop.method_mismatch';
  if (!isSameUri(claims.uri, uri)) return 'dpop.uri_mismatch';
  return accessToken === null || isHashOf(accessToken, claims.tokenHash) ? undefined : 'dpop.token_mismatch';
}

function findFreshnessFault(claims: ProofClaims, expected: DpopExpectation): DpopRefusal | undefined {
  const { nonce } = claims;
  if (nonce !== null && expected.judgeNonce(nonce) !== 'fresh') return 'dpop.nonce_stale';
  return findDateFault(claims, expected, nonce !== null);
}

/** Whether the key in the header made the signature, with the algorithm of the header. */
async function findSignatureFault(proof: string, header: ProofHeader): Promise<DpopRefusal | undefined> {
  const key = await importKey(header);
  if (!key) return 'dpop.key_refused';
  try {
    await compactVerify(proof, key, { algorithms: [header.algorithm] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return 'dpop.signature_invalid';
    throw error;
  }
}

/** Undefined for numbers that are no key, such as a point that is not on the curve. */
async function importKey({ jwk, algorithm }: ProofHeader): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK({ ...jwk }, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}

function isHashOf(accessToken: string, claimed: string | null): boolean {
  const actual = sha256(accessToken).toString('base64url');
  return claimed !== null && timingSafeEqual(sha256(claimed), sha256(actual));
}

/** Each part behind its length, so that no two pairs give the same text. */
function proofIdOf(thumbprint: string, id: string): Buffer {
  return sha256([thumbprint, id].map((part) => `${Buffer.byteLength(part)}:${part}`).join(''));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
