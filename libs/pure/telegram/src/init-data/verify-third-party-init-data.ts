import type { KeyObject } from 'node:crypto';
import { accepted, type Result } from '@countersign/errors';
import { conclude, type Verification } from '@countersign/signatures';
import { assertAgePolicy, type InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import { checkInitDataSignature } from './init-data-signatures';
import { parseInitData, type InitDataFields } from './parse-init-data';
import { readInitData, type InitData } from './read-init-data';

interface ThirdPartyInitDataPolicy<Key> extends InitDataAgePolicy {
  /** From a list of bots that are trusted, never from the client. */
  readonly botId: string;
  /** That of the bot's environment. */
  readonly publicKey: Key;
}

interface VerifiedThirdPartyInitData {
  readonly fields: InitDataFields;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly initData: InitData;
}

/**
 * Accepts init data by Telegram's Ed25519 signature alone, without the bot's token. `hash` is not covered and
 * not checked. Nothing in `raw` makes it throw.
 *
 * @see https://core.telegram.org/bots/webapps#validating-data-for-third-party-use
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyThirdPartyInitData(
  raw: string,
  policy: ThirdPartyInitDataPolicy<KeyObject>,
): Result<VerifiedThirdPartyInitData, InitDataRefusal> {
  return conclude(thirdPartyInitDataVerification(raw, policy));
}

/** {@link verifyThirdPartyInitData}, whose signature the caller checks. */
export function* thirdPartyInitDataVerification<Key>(
  raw: string,
  policy: ThirdPartyInitDataPolicy<Key>,
): Verification<Key, VerifiedThirdPartyInitData, InitDataRefusal> {
  assertAgePolicy(policy);
  const fields = parseInitData(raw);
  if (!fields.ok) return fields;
  const signature = yield* checkInitDataSignature(fields.value, policy.botId, policy.publicKey);
  if (!signature.ok) return signature;
  const initData = readInitData(fields.value, policy);
  if (!initData.ok) return initData;
  return accepted({ fields: fields.value, signature: signature.value, initData: initData.value });
}
