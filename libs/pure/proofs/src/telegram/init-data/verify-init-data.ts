import type { KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/text';
import { isRight, type SignatureTest } from '../../signatures/is-right';
import { assertAgePolicy, type InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import { checkInitDataHash, checkInitDataSignature, type InitDataSigner } from './init-data-signatures';
import { parseInitData, type InitDataFields } from './parse-init-data';
import { readInitData, type InitData } from './read-init-data';

interface InitDataSignaturePolicy<Key> extends InitDataSigner<Key> {
  /** `optional` accepts init data without a signature. A wrong signature is always refused. */
  readonly policy: 'required' | 'optional';
}

interface InitDataProofPolicy<Key> {
  /**
   * One must match. An empty list accepts nothing. With `null`, only the signature decides. It does not cover `hash`.
   */
  readonly hmacKeys: readonly Key[] | null;
  /** `null` for providers that do not sign: only the hash decides. */
  readonly signature: InitDataSignaturePolicy<Key> | null;
}

export type InitDataVerificationPolicy<Key = KeyObject> = InitDataProofPolicy<Key> & InitDataAgePolicy;

interface AuthenticInitData {
  readonly fields: InitDataFields;
  /** The hash, 32 bytes; without a checked hash, the signature, 64 bytes. */
  readonly secret: Uint8Array;
  /** False if only the hash was checked. */
  readonly signatureVerified: boolean;
}

export interface VerifiedInitData extends AuthenticInitData {
  readonly initData: InitData;
}

/**
 * Accepts init data that is well-formed, authentic, in time, and names a person. `raw` cannot make it throw.
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyInitData(
  raw: string,
  policy: InitDataVerificationPolicy,
): Result<VerifiedInitData, InitDataRefusal> {
  return checkInitData(raw, policy, isRight);
}

/** Like {@link verifyInitData}, but the caller checks the signatures. */
export function checkInitData<Key>(
  raw: string,
  policy: InitDataVerificationPolicy<Key>,
  test: SignatureTest<Key>,
): Result<VerifiedInitData, InitDataRefusal> {
  assertAgePolicy(policy);
  const authentic = checkInitDataAuthenticity(raw, policy, test);
  if (!authentic.ok) return authentic;
  const initData = readInitData(authentic.value.fields, policy);
  return initData.ok ? accepted({ ...authentic.value, initData: initData.value }) : initData;
}

/** Checks only the signature, for any age and content. This proves no identity yet. */
export function checkInitDataAuthenticity<Key>(
  raw: string,
  { hmacKeys, signature }: InitDataProofPolicy<Key>,
  test: SignatureTest<Key>,
): Result<AuthenticInitData, InitDataRefusal> {
  const parsed = parseInitData(raw);
  if (!parsed.ok) return parsed;
  const fields = parsed.value;

  const hashed = hmacKeys && checkInitDataHash(fields, hmacKeys, test);
  if (hashed && !hashed.ok) return hashed;
  const isDue = signature?.policy === 'required' || Boolean(fields.get('signature'));
  const signed = signature && isDue ? checkInitDataSignature(fields, signature, test) : null;
  if (signed && !signed.ok) return signed;
  const proven = hashed ?? signed;
  if (!proven) return refused('init_data.signature_missing');
  return accepted({ fields, secret: proven.value, signatureVerified: signed !== null });
}
