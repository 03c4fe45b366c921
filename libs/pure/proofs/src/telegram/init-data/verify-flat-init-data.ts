import type { KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/text';
import { isRight } from '../../signatures/is-right';
import type { InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import type { InitDataFields } from './parse-init-data';
import { readInitData } from './read-init-data';
import { checkInitDataAuthenticity, type VerifiedInitData } from './verify-init-data';

interface FlatInitDataPolicy extends InitDataAgePolicy {
  /** The keys of init data, never of the Login Widget. One must match. */
  readonly hmacKeys: readonly KeyObject[];
}

const TEXTS = ['first_name', 'last_name', 'username', 'language_code', 'photo_url'];
const FLAGS = ['is_bot', 'is_premium', 'allows_write_to_pm'];
const FLAG_VALUES: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * Accepts init data with the person in separate fields (`id=...&first_name=...`), as in Xellar's public documents.
 * Telegram makes none: an owner of the bot's token makes it with the key of init data. `raw` cannot make it throw.
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function verifyFlatInitData(
  raw: string,
  policy: FlatInitDataPolicy,
): Result<VerifiedInitData, InitDataRefusal> {
  const proof = { hmacKeys: policy.hmacKeys, signature: null };
  const authentic = checkInitDataAuthenticity(raw, proof, isRight);
  if (!authentic.ok) return authentic;
  const { fields } = authentic.value;
  // Init data of Telegram has one of these fields.
  if (fields.has('user') || fields.has('signature')) return refused('init_data.user_malformed');
  const initData = readInitData(new Map([...fields, ['user', userOf(fields)]]), policy);
  return initData.ok ? accepted({ ...authentic.value, initData: initData.value }) : initData;
}

function userOf(fields: InitDataFields): string {
  const id = fields.get('id') ?? '';
  const isExact = Number.isSafeInteger(Number(id)) && String(Number(id)) === id;
  const texts = TEXTS.map((name) => [name, fields.get(name)] as const);
  const flags = FLAGS.map((name) => [name, FLAG_VALUES[fields.get(name) ?? ''] ?? fields.get(name)] as const);
  return JSON.stringify({ ...Object.fromEntries([...texts, ...flags]), id: isExact ? Number(id) : id });
}
