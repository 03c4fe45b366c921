import { constants, type KeyObject, verify } from 'node:crypto';
import {
  accepted,
  decodeBase64url,
  isLongerThan,
  type JsonMember,
  type JsonMembers,
  readJsonBytes,
  refused,
  type Result,
} from '@countersign/text';
import {
  findAddressFault,
  readSubject,
  readUserId,
  readIdTokenProfile,
  type IdTokenAddress,
  type IdTokenProfile,
} from './id-token-claims';
import type { IdTokenRefusal } from './id-token-refusals';
import { assertAgePolicy, MAX_SKEW_SECONDS } from '../init-data/init-data-date';
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm, type IdTokenKeys, isKeyId } from './jwks';

/** None of it is verified. */
interface IdTokenJws {
  readonly algorithm: IdTokenAlgorithm;
  readonly keyId: string;
  /** Header and payload as in the token: the signed bytes. */
  readonly signedText: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** In bytes. Telegram's tokens have about one thousand. */
const MAX_ID_TOKEN_BYTES = 8192;

/** Reads a compact JWS (RFC 7515, section 7.1), in one spelling only. */
function readIdTokenJws(token: string): Result<IdTokenJws, IdTokenRefusal> {
  if (isLongerThan(MAX_ID_TOKEN_BYTES, token)) return refused('oidc.token_too_long');
  const [header, payload, signature, ...more] = token.split('.').map(decodeBase64url);
  if (!header?.length || !payload?.length || !signature || more.length > 0)
    return refused('oidc.token_malformed');

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

/** Other issuers' access and log-out tokens have `at+jwt` or `logout+jwt` (RFC 8725, section 3.11). */
function isJwtType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && /^(application\/)?jwt$/i.test(typ));
}

/** In seconds. Telegram's tokens live for an hour. */
const MAX_LIFETIME_SECONDS = 86_400;

/** `iat`, `exp` and `nbf` are whole Unix seconds. Clock skew does not extend a token's life. The value is `iat`. */
function readDates(claims: JsonMembers, now: Date): Result<Date, IdTokenRefusal> {
  const expiry = unixSeconds(claims.get('exp'));
  if (expiry === undefined) return refused('oidc.expiry_invalid');
  const issued = unixSeconds(claims.get('iat'));
  if (issued === undefined) return refused('oidc.issued_at_invalid');
  const earliest = claims.has('nbf') ? unixSeconds(claims.get('nbf')) : issued;
  if (earliest === undefined) return refused('oidc.not_before_invalid');

  const seconds = Math.floor(now.getTime() / 1000);
  if (issued > seconds + MAX_SKEW_SECONDS) return refused('oidc.issued_in_future');
  if (earliest > seconds + MAX_SKEW_SECONDS) return refused('oidc.not_yet_valid');
  if (expiry <= issued || expiry - issued > MAX_LIFETIME_SECONDS) return refused('oidc.lifetime_invalid');
  if (expiry <= seconds) return refused('oidc.expired');
  return accepted(new Date(issued * 1000));
}

/** Reads the source text: a fraction, an exponent or milliseconds are refused. */
function unixSeconds(member: JsonMember | undefined): number | undefined {
  return member && /^[1-9]\d{8,10}$/.test(member.source) ? Number(member.source) : undefined;
}

/** Each applies to one type of key, and is ignored for the other. */
const FORMS = { dsaEncoding: 'ieee-p1363', padding: constants.RSA_PKCS1_PADDING } as const;

/** Checks the signature with the key's algorithm (RFC 7518, RFC 8037, RFC 8812). ECDSA has a second valid form. */
function checkIdTokenSignature(jws: IdTokenJws, keys: IdTokenKeys): Result<null, IdTokenRefusal> {
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

/** In bytes. An elliptic-curve signature is two numbers of 32 bytes on each of the three curves. */
function signatureLength(key: KeyObject): number {
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  return modulusLength === undefined ? 64 : Math.ceil(modulusLength / 8);
}

export interface IdTokenPolicy extends IdTokenAddress {
  /** The issuer's current keys. An empty list accepts nothing. */
  readonly keys: IdTokenKeys;
  readonly now: Date;
}

export interface VerifiedIdToken {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly subject: string;
  /** Telegram's opaque name of the person, different for each client: an alias, never the key. */
  readonly sub: string;
  readonly issuedAt: Date;
  readonly profile: IdTokenProfile;
  /** Header and payload as signed. They identify the token: its signature has several forms. */
  readonly signedText: string;
}

/**
 * Accepts an id token of "Log In With Telegram" that is well-formed, signed by the issuer, for this client and sign-in,
 * in time, and names a person. `token` cannot make it throw. After `oidc.unknown_key` the caller should reload the
 * keys, at a bounded rate.
 * @see https://core.telegram.org/bots/telegram-login#validating-id-tokens
 * @throws RangeError for a policy that would check nothing, such as an empty client id
 */
export function verifyIdToken(token: string, policy: IdTokenPolicy): Result<VerifiedIdToken, IdTokenRefusal> {
  assertIdTokenPolicy(policy);
  const jws = readIdTokenJws(token);
  if (!jws.ok) return jws;
  const checked = checkIdTokenSignature(jws.value, policy.keys);
  if (!checked.ok) return checked;

  const { payload, signedText } = jws.value;
  const claims = readJsonBytes(payload);
  if (!claims) return refused('oidc.payload_malformed');
  const fault = findAddressFault(claims, policy);
  if (fault) return refused(fault);

  const issuedAt = readDates(claims, policy.now);
  if (!issuedAt.ok) return issuedAt;
  const subject = readUserId(claims);
  if (!subject.ok) return subject;
  const sub = readSubject(claims);
  if (!sub.ok) return sub;
  const profile = readIdTokenProfile(claims);
  if (!profile.ok) return profile;
  return accepted({
    subject: subject.value,
    sub: sub.value,
    issuedAt: issuedAt.value,
    profile: profile.value,
    signedText,
  });
}

function assertIdTokenPolicy({ issuer, clientId, nonce, now }: IdTokenPolicy): void {
  assertAgePolicy({ now, maxAgeSeconds: null });
  if (issuer === '') throw new RangeError('issuer must not be empty');
  if (clientId === '') throw new RangeError('clientId must not be empty');
  if (nonce === '') throw new RangeError('nonce must not be empty: null is for none');
}
