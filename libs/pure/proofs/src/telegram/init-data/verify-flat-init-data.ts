import type { KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/text';
import { isRight } from '../../signatures/is-right';
import type { InitDataAgePolicy } from './init-data-date';
import type { InitDataRefusal } from './init-data-refusals';
import type { InitDataFields } from './parse-init-data';
import { readInitData } from './read-init-data';
import { checkInitDataAuthenticity, type VerifiedInitData } from './verify-init-data';

interface FlatInitDataPolicy extends InitDataAgePolicy {
  /** Those of init data, never of the Login Widget. One of them must match. */
  readonly hmacKeys: readonly KeyObject[];
}

const TEXTS = ['first_name', 'last_name', 'username', 'language_code', 'photo_url'];
const FLAGS = ['is_bot', 'is_premium', 'allows_write_to_pm'];
const FLAG_VALUES: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * Accepts init data whose person is in fields of its own (`id=...&first_name=...`) instead of `user`, as the public documents
 * of Xellar show it. Telegram makes none: a holder of the bot's token does, with the key of init data. Nothing in `raw` makes
 * it throw.
 *
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
  // What Telegram makes has one of them.
  if (fields.has('user') || fields.has('signature')) return refused('init_data.user_malformed');
  const initData = readInitData(new Map([...fields, ['user', userOf(fields)]]), policy);
  return initData.ok ? accepted({ ...authentic.value, initData: initData.value }) : initData;
}

/** The person as `user` would have it. */
function userOf(fields: InitDataFields): string {
  const id = fields.get('id') ?? '';
  const isExact = Number.isSafeInteger(Number(id)) && String(Number(id)) === id;
  const texts = TEXTS.map((name) => [name, fields.get(name)] as const);
  const flags = FLAGS.map((name) => [name, FLAG_VALUES[fields.get(name) ?? ''] ?? fields.get(name)] as const);
  return JSON.stringify({ ...Object.fromEntries([...texts, ...flags]), id: isExact ? Number(id) : id });
}
