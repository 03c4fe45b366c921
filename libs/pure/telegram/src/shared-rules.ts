import { refused, type Result } from '@countersign/errors';
import type { InitDataRefusal } from './init-data/init-data-refusals';

/** Rules that init data shares with Telegram's other signed fields. */
const SHARED_RULES = [
  'empty',
  'too_long',
  'malformed',
  'duplicate_field',
  'invalid_field_name',
  'control_character',
  'hash_missing',
  'hash_malformed',
  'hash_mismatch',
  'auth_date_missing',
  'auth_date_malformed',
  'auth_date_expired',
  'auth_date_in_future',
] as const;

type SharedRule = (typeof SHARED_RULES)[number];

/** The outcome of a shared rule with the code that the other mechanism has for it. */
export function renamed<T, const Mechanism extends string>(
  mechanism: Mechanism,
  result: Result<T, InitDataRefusal>,
): Result<T, `${Mechanism}.${SharedRule}`> {
  if (result.ok) return result;
  const rule = SHARED_RULES.find((name) => result.code === `init_data.${name}`);
  return refused(`${mechanism}.${rule ?? 'malformed'}`);
}
