import type { KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { conclude, type Verification } from '@countersign/signatures';
import { assertAgePolicy, type InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import { checkInitDataHash, checkInitDataSignature } from './init-data-signatures';
import { parseInitData, type InitDataFields } from './parse-init-data';
import { readInitData, type InitData } from './read-init-data';

interface InitDataSignaturePolicy<Key> {
  /** From configuration, or a list of bots that are trusted, never from the client. */
  readonly botId: string;
  /** That of the bot's environment. */
  readonly publicKey: Key;
  /** `optional` accepts init data without a signature; a wrong signature is always refused. */
  readonly policy: 'required' | 'optional';
}

/** The accepted signers of init data. */
interface InitDataProofPolicy<Key> {
  /**
   * One of them must match: usually one key, and two while a token is rotated. An empty list accepts nothing. `null` without
   * the bot's token: Telegram's signature alone decides, which does not cover `hash`.
   */
  readonly hmacKeys: readonly Key[] | null;
  /** `null` for providers that do not sign: the hash alone decides. */
  readonly signature: InitDataSignaturePolicy<Key> | null;
}

export type InitDataVerificationPolicy<Key = KeyObject> = InitDataProofPolicy<Key> & InitDataAgePolicy;

interface AuthenticInitData {
  readonly fields: InitDataFields;
  /** The hash, 32 bytes; the signature, 64 bytes, where no hash is checked. */
  readonly secret: Uint8Array;
  /** False where init data was accepted by its hash alone. */
  readonly signatureVerified: boolean;
}

export interface VerifiedInitData extends AuthenticInitData {
  readonly initData: InitData;
}

/**
 * Accepts init data as a proof of identity: well-formed, authentic, in time, and naming a person. Nothing in
 * `raw` makes it throw.
 *
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyInitData(
  raw: string,
  policy: InitDataVerificationPolicy,
): Result<VerifiedInitData, InitDataRefusal> {
  return conclude(initDataVerification(raw, policy));
}

/** {@link verifyInitData}, whose signatures the caller checks. */
export function* initDataVerification<Key>(
  raw: string,
  policy: InitDataVerificationPolicy<Key>,
): Verification<Key, VerifiedInitData, InitDataRefusal> {
  assertAgePolicy(policy);
  const authentic = yield* checkInitDataAuthenticity(raw, policy);
  if (!authentic.ok) return authentic;
  const initData = readInitData(authentic.value.fields, policy);
  return initData.ok ? accepted({ ...authentic.value, initData: initData.value }) : initData;
}

/** Checks the signature of init data of any age and content: this proves no identity yet. */
export function* checkInitDataAuthenticity<Key>(
  raw: string,
  { hmacKeys, signature }: InitDataProofPolicy<Key>,
): Verification<Key, AuthenticInitData, InitDataRefusal> {
  const parsed = parseInitData(raw);
  if (!parsed.ok) return parsed;
  const fields = parsed.value;

  const hashed = hmacKeys && (yield* checkInitDataHash(fields, hmacKeys));
  if (hashed && !hashed.ok) return hashed;
  const isDue = signature?.policy === 'required' || Boolean(fields.get('signature'));
  const signed =
    signature && isDue ? yield* checkInitDataSignature(fields, signature.botId, signature.publicKey) : null;
  if (signed && !signed.ok) return signed;
  const proven = hashed ?? signed;
  if (!proven) return refused('init_data.signature_missing');
  return accepted({ fields, secret: proven.value, signatureVerified: signed !== null });
}
