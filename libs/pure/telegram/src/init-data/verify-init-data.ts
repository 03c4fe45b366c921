import type { KeyObject } from 'node:crypto';
import { accepted, type Result } from '@countersign/errors';
import { conclude, type Verification } from '@countersign/signatures';
import { assertAgePolicy, type InitDataAgePolicy } from './init-data-date';
import { checkHashWithAny, checkInitDataSignature } from './init-data-signatures';
import type { InitDataRefusal } from './init-data-refusals';
import { parseInitData, type InitDataFields } from './parse-init-data';
import { readInitData, type InitData } from './read-init-data';

interface InitDataSignaturePolicy<Key> {
  /** From configuration, never from the client. */
  readonly botId: string;
  /** That of the bot's environment. */
  readonly publicKey: Key;
  /** `optional` accepts init data without a signature; a wrong signature is always refused. */
  readonly policy: 'required' | 'optional';
}

/** The accepted signers of init data. */
interface InitDataProofPolicy<Key> {
  /**
   * One of them must match: usually one key, and two while a token is rotated. An empty list accepts nothing.
   */
  readonly hmacKeys: readonly Key[];
  /** `null` for providers that do not sign: the hash alone decides. */
  readonly signature: InitDataSignaturePolicy<Key> | null;
}

export type InitDataVerificationPolicy<Key = KeyObject> = InitDataProofPolicy<Key> & InitDataAgePolicy;

interface AuthenticInitData {
  readonly fields: InitDataFields;
  /** 32 bytes. */
  readonly hash: Uint8Array;
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

  const { fields, hash, signatureVerified } = authentic.value;
  const initData = readInitData(fields, policy);
  return initData.ok ? accepted({ fields, hash, signatureVerified, initData: initData.value }) : initData;
}

/** Checks the signature of init data of any age and content: this proves no identity yet. */
export function* checkInitDataAuthenticity<Key>(
  raw: string,
  policy: InitDataProofPolicy<Key>,
): Verification<Key, AuthenticInitData, InitDataRefusal> {
  const fields = parseInitData(raw);
  if (!fields.ok) return fields;

  const hash = yield* checkHashWithAny(fields.value, policy.hmacKeys);
  if (!hash.ok) return hash;

  const { signature } = policy;
  if (!isSignatureDue(fields.value, signature)) {
    return accepted({ fields: fields.value, hash: hash.value, signatureVerified: false });
  }
  const checked = yield* checkInitDataSignature(fields.value, signature.botId, signature.publicKey);
  if (!checked.ok) return checked;
  return accepted({ fields: fields.value, hash: hash.value, signatureVerified: true });
}

function isSignatureDue<Key>(
  fields: InitDataFields,
  signature: InitDataSignaturePolicy<Key> | null,
): signature is InitDataSignaturePolicy<Key> {
  if (signature === null) return false;
  return signature.policy !== 'optional' || Boolean(fields.get('signature'));
}
