import { createHash, timingSafeEqual } from 'node:crypto';
import {
  accepted,
  decodeBase64url,
  hasControlCharacter,
  hasLoneSurrogate,
  isLongerThan,
  readJsonBytes,
  refused,
  type Result,
} from '@countersign/text';
import {
  calculateJwkThumbprint,
  compactVerify,
  type CryptoKey,
  EmbeddedJWK,
  errors,
  exportJWK,
  type JWK,
} from 'jose';
import type { DpopRefusal } from './dpop-refusals';
/** An authority without user information, and an optional path. */
const HTTP_ADDRESS = /^https?:\/\/[^/@]+(?:\/|$)/i;
/** No URL has a backslash. The parser would turn it into a slash, and drop line breaks. */
const PRINTABLE_WITHOUT_BACKSLASH = /^[\x21-\x5b\x5d-\x7e]+$/;
/** RFC 3986, section 2.3. */
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * Whether two absolute HTTP URLs are equal without query and fragment (RFC 9449, section 4.3). Spellings are normalised
 * by syntax and scheme only (RFC 3986, sections 6.2.2 and 6.2.3): `/a` and `/a/` differ. Other texts, and URLs with
 * user information, equal nothing.
 */
export function isSameUri(one: string, other: string): boolean {
  const normalized = normalizedUri(one);
  return normalized !== undefined && normalized === normalizedUri(other);
}

function normalizedUri(text: string): string | undefined {
  const address = text.replace(/[?#].*$/s, '');
  if (!HTTP_ADDRESS.test(address) || !PRINTABLE_WITHOUT_BACKSLASH.test(address)) return undefined;
  if (!URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/%[0-9a-f]{2}/gi, normalizedOctet);
}

function normalizedOctet(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded.toUpperCase();
}

/**
 * The accepted algorithms, the best first, for `algs` in a challenge and `dpop_signing_alg_values_supported`. All are
 * asymmetric (RFC 9449, section 11.6), and verify in less than a millisecond. `EdDSA` is the older name of `Ed25519`
 * (RFC 9864).
 */
export const DPOP_ALGORITHMS = ['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const;

export type DpopAlgorithm = (typeof DPOP_ALGORITHMS)[number];

/** The request that the proof must be for. */
export interface DpopExpectation {
  /** As in the request line: methods are case-sensitive. */
  readonly method: string;
  /** The absolute URL that the client sees, before any gateway. Query and fragment do not count. */
  readonly uri: string;
  /** The access token beside the proof. Null without one: then `ath` is ignored. */
  readonly accessToken: string | null;
  readonly now: Date;
  /** The highest age of a proof in seconds, inclusive. */
  readonly maxAgeSeconds: number;
  /** How far the client's clock may be ahead of ours, in seconds, inclusive. */
  readonly futureSeconds: number;
}

/** A verified proof. It may be a repetition: only a store of the `proofId`s can tell. */
export interface DpopProof {
  /** The key's SHA-256 in base64url, 43 characters (RFC 7638). */
  readonly thumbprint: string;
  /** SHA-256 over thumbprint and `jti`, 32 bytes. The signature is not included, since ECDSA has a second valid one. */
  readonly proofId: Buffer;
  /** By the client's clock. */
  readonly madeAt: Date;
}

/** In bytes. A proof with an RSA key of 4096 bits has about two thousand. */
const MAX_PROOF_BYTES = 8192;
/** In UTF-16 code units. */
const MAX_ID_LENGTH = 256;
/** The last second of the year 9999, in Unix seconds. Later dates have no common notation. */
const LAST_SECOND = 253_402_300_799;
/** Members of private or symmetric keys (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1; RFC 8037; RFC 9964). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
/** All RSA keys in use have this exponent. 1 would sign any text, and a huge one is slow to verify. */
const EXPONENT = 'AQAB';
const MIN_MODULUS_BITS = 2048;
/** Each bit makes the verification slower. */
const MAX_MODULUS_BITS = 4096;

/**
 * Accepts a proof (RFC 9449, section 4.3) that is well-formed, for this request and access token, in time, and signed
 * by its own key. `proof` and `expected.uri` cannot make it throw. The costly signature check is last.
 * @throws RangeError for bounds that would check nothing
 */
export async function verifyDpopProof(
  proof: string,
  expected: DpopExpectation,
): Promise<Result<DpopProof, DpopRefusal>> {
  assertAgeBounds(expected);
  if (isLongerThan(MAX_PROOF_BYTES, proof)) return refused('dpop.too_long');
  const [headerBytes, payload, signature, ...more] = proof.split('.').map(decodeBase64url);
  const header = headerBytes && membersOf(headerBytes);
  const claims = payload && membersOf(payload);
  if (!header || !claims || !signature?.length || more.length > 0) return refused('dpop.malformed');

  const fault = findHeaderFault(header) ?? findClaimFault(claims, expected);
  if (fault) return refused(fault);
  const { alg, jwk: shown } = header as { alg: DpopAlgorithm; jwk: JWK };
  // jose blames its caller for a key whose `key_ops` do not allow verification, so `key_ops` is left out.
  const { kty, crv, x, y, n, e, use, alg: ownAlg } = shown;
  const jwk = { kty, crv, x, y, n, e, use, alg: ownAlg } as JWK;
  const key = await EmbeddedJWK({ alg, jwk }).catch(() => undefined);
  if (!key || !(await isAccepted(key, jwk))) return refused('dpop.key_refused');
  if (!(await isSigned(proof, key, alg))) return refused('dpop.signature_invalid');

  const { jti, iat } = claims as { jti: string; iat: number };
  const thumbprint = await calculateJwkThumbprint(jwk, 'sha256');
  return accepted({ thumbprint, proofId: proofIdOf(thumbprint, jti), madeAt: new Date(iat * 1000) });
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(bytes: Uint8Array): Members | undefined {
  const members = readJsonBytes(bytes);
  return members && Object.fromEntries([...members].map(([name, { value }]) => [name, value]));
}

/** RFC 9449, section 4.2. `typ` needs the RFC's spelling. Other key references are ignored. */
function findHeaderFault({ crit, typ, alg, jwk }: Members): DpopRefusal | undefined {
  if (crit !== undefined) return 'dpop.critical_header';
  if (typ !== 'dpop+jwt') return 'dpop.type_mismatch';
  if (!DPOP_ALGORITHMS.some((one) => one === alg)) return 'dpop.algorithm_refused';
  if (typeof jwk !== 'object' || jwk === null) return 'dpop.key_refused';
  return SECRET_MEMBERS.some((name) => Object.hasOwn(jwk, name)) ? 'dpop.private_key' : undefined;
}

function findClaimFault(
  { jti, htm, htu, iat, exp, nbf, ath }: Members,
  { method, uri, accessToken, now, maxAgeSeconds, futureSeconds }: DpopExpectation,
): DpopRefusal | undefined {
  const [end, start] = [exp ?? LAST_SECOND, nbf ?? 1];
  if (!isProofId(jti) || typeof htm !== 'string' || typeof htu !== 'string') return 'dpop.claims_invalid';
  if (!isUnixTime(iat) || !isUnixTime(end) || !isUnixTime(start)) return 'dpop.claims_invalid';

  if (htm !== method) return 'dpop.method_mismatch';
  if (!isSameUri(htu, uri)) return 'dpop.uri_mismatch';
  if (accessToken !== null && !isHashOf(accessToken, ath)) return 'dpop.token_mismatch';

  const seconds = Math.floor(now.getTime() / 1000);
  if (Math.max(iat, start) > seconds + futureSeconds) return 'dpop.in_future';
  // The proof's own `exp` counts too (RFC 7519, section 4.1.4).
  return end <= seconds || iat < seconds - maxAgeSeconds ? 'dpop.too_old' : undefined;
}

function isProofId(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_ID_LENGTH) return false;
  return !hasControlCharacter(value) && !hasLoneSurrogate(value);
}

/** Seconds may have a fraction (RFC 7519, section 2). */
function isUnixTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= LAST_SECOND;
}

/** A key has one spelling, so that it has one thumbprint. Members that do not define it (`kid`, `ext`) are ignored. */
async function isAccepted(key: CryptoKey, { x, y, n, e }: JWK): Promise<boolean> {
  const own = await exportJWK(key);
  if (x !== own.x || y !== own.y || n !== own.n || e !== own.e) return false;
  if (!('modulusLength' in key.algorithm)) return true;
  const bits = Number(key.algorithm.modulusLength);
  return e === EXPONENT && bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS;
}

async function isSigned(proof: string, key: CryptoKey, algorithm: DpopAlgorithm): Promise<boolean> {
  try {
    await compactVerify(proof, key, { algorithms: [algorithm] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

function isHashOf(accessToken: string, claimed: unknown): boolean {
  const actual = sha256(accessToken).toString('base64url');
  return typeof claimed === 'string' && timingSafeEqual(sha256(claimed), sha256(actual));
}

/** Length prefixes keep two pairs from giving the same text. */
function proofIdOf(thumbprint: string, id: string): Buffer {
  return sha256([thumbprint, id].map((part) => `${Buffer.byteLength(part)}:${part}`).join(''));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Every comparison with `NaN` is false, so an unreadable setting would disable a bound. */
function assertAgeBounds({ now, maxAgeSeconds, futureSeconds }: DpopExpectation): void {
  if (!Number.isFinite(now.getTime())) throw new RangeError('now must be a valid date');
  for (const [name, value] of Object.entries({ maxAgeSeconds, futureSeconds }))
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be whole seconds`);
}
