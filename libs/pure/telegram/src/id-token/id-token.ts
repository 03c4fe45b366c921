import { accepted, refused, type Result } from '@countersign/errors';
import { readJsonBytes } from '@countersign/text';
import { findAddressFault, readSubject, readUserId, type IdTokenAddress } from './id-token-claims';
import { readIdTokenDates, type IdTokenDates } from './id-token-dates';
import { readIdTokenJws } from './id-token-jws';
import { readIdTokenProfile, type IdTokenProfile } from './id-token-profile';
import type { IdTokenRefusal } from './id-token-refusals';
import { checkIdTokenSignature } from './id-token-signature';
import { assertAgePolicy, DEFAULT_MAX_SKEW_SECONDS } from '../init-data/init-data-date';
import type { IdTokenAlgorithm, IdTokenKeys } from './jwks';

export interface IdTokenPolicy extends IdTokenAddress {
  /** The issuer's current keys. An empty list accepts nothing. */
  readonly keys: IdTokenKeys;
  readonly now: Date;
  /** How far Telegram's clock may be ahead of ours, in seconds. */
  readonly maxSkewSeconds?: number;
}

export interface VerifiedIdToken extends IdTokenDates {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly subject: string;
  /** Telegram's opaque name of the same person, another for each client: an alias, never the key. */
  readonly sub: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly profile: IdTokenProfile;
  /** Header and payload as signed: they identify this token, while its signature has several forms. */
  readonly signedText: string;
  readonly algorithm: IdTokenAlgorithm;
}

/**
 * Accepts an id token of "Log In With Telegram" as a proof of identity: well-formed, signed by the issuer,
 * for this client and this sign-in, in time, and naming a person. Nothing in `token` makes it throw.
 * `oidc.unknown_key` may mean that the issuer has new keys: the caller reads them again, at a bounded rate.
 *
 * @see https://core.telegram.org/bots/telegram-login#validating-id-tokens
 * @throws RangeError for a policy that would check nothing, such as an empty client id
 */
export function verifyIdToken(token: string, policy: IdTokenPolicy): Result<VerifiedIdToken, IdTokenRefusal> {
  assertIdTokenPolicy(policy);
  const jws = readIdTokenJws(token);
  if (!jws.ok) return jws;
  const checked = checkIdTokenSignature(jws.value, policy.keys);
  if (!checked.ok) return checked;

  const { algorithm, payload, signedText } = jws.value;
  const said = readClaims(payload, policy);
  if (!said.ok) return said;
  const { issuer, clientId } = policy;
  return accepted({ ...said.value, issuer, clientId, signedText, algorithm });
}

type Claims = Pick<VerifiedIdToken, 'subject' | 'sub' | 'profile' | keyof IdTokenDates>;

function readClaims(payload: Buffer, policy: IdTokenPolicy): Result<Claims, IdTokenRefusal> {
  const claims = readJsonBytes(payload);
  if (!claims) return refused('oidc.payload_malformed');
  const fault = findAddressFault(claims, policy);
  if (fault) return refused(fault);

  const dates = readIdTokenDates(claims, policy.now, policy.maxSkewSeconds ?? DEFAULT_MAX_SKEW_SECONDS);
  if (!dates.ok) return dates;
  const subject = readUserId(claims);
  if (!subject.ok) return subject;
  const sub = readSubject(claims);
  if (!sub.ok) return sub;
  const profile = readIdTokenProfile(claims);
  if (!profile.ok) return profile;
  return accepted({ ...dates.value, subject: subject.value, sub: sub.value, profile: profile.value });
}

function assertIdTokenPolicy({ issuer, clientId, nonce, now, maxSkewSeconds }: IdTokenPolicy): void {
  assertAgePolicy({
    now,
    maxAgeSeconds: null,
    maxSkewSeconds: maxSkewSeconds ?? DEFAULT_MAX_SKEW_SECONDS,
  });
  if (issuer === '') throw new RangeError('issuer must not be empty');
  if (clientId === '') throw new RangeError('clientId must not be empty');
  if (nonce === '') throw new RangeError('nonce must not be empty: null is for none');
}
