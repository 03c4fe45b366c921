import { hasControlCharacter, hasLoneSurrogate, type JsonMembers } from '@countersign/text';
import type { ProofDates } from './proof-dates';

/** What a proof says (RFC 9449, section 4.2). */
export interface ProofClaims extends ProofDates {
  /** `jti`. */
  readonly id: string;
  /** `htm`. */
  readonly method: string;
  /** `htu`. */
  readonly uri: string;
  /** `ath`; null where there is none that could match. */
  readonly tokenHash: string | null;
  readonly nonce: string | null;
}

/** In UTF-16 code units. */
const MAX_ID_LENGTH = 256;
/** The last second of the year 9999, in Unix seconds: later dates have no common notation. */
const LAST_SECOND = 253_402_300_799;

/** The claims, or nothing when one of them is missing or has a type that it cannot have. */
export function readProofClaims(members: JsonMembers): ProofClaims | undefined {
  const claim = (name: string) => members.get(name)?.value;
  const [id, method, uri, issuedAt] = [claim('jti'), claim('htm'), claim('htu'), claim('iat')];
  if (!isProofId(id) || !isText(method) || !isText(uri) || !isUnixTime(issuedAt)) return undefined;

  const [expiresAt, notBefore, nonce] = [claim('exp') ?? null, claim('nbf') ?? null, claim('nonce') ?? null];
  if (!isAbsentOr(isUnixTime, expiresAt) || !isAbsentOr(isUnixTime, notBefore)) return undefined;
  if (!isAbsentOr(isText, nonce)) return undefined;
  const hash = claim('ath');
  return { id, method, uri, issuedAt, expiresAt, notBefore, nonce, tokenHash: isText(hash) ? hash : null };
}

function isAbsentOr<T>(is: (value: unknown) => value is T, value: unknown): value is T | null {
  return value === null || is(value);
}

function isProofId(value: unknown): value is string {
  if (!isText(value) || value === '' || value.length > MAX_ID_LENGTH) return false;
  return !hasControlCharacter(value) && !hasLoneSurrogate(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Seconds that may have a fraction (RFC 7519, section 2). */
function isUnixTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= LAST_SECOND;
}
