import { refused, type Result } from '@countersign/errors';
import type { InitDataRefusal } from './init-data/init-data-refusals';

/** Rules that init data shares with Telegram's other signed fields: of their form, the hash and the date. */
type SharedRule =
  | 'empty'
  | 'too_long'
  | 'malformed'
  | 'duplicate_field'
  | 'invalid_field_name'
  | 'control_character'
  | `hash_${'missing' | 'malformed' | 'mismatch'}`
  | `auth_date_${'missing' | 'malformed' | 'expired' | 'in_future'}`;

/** The outcome of a shared rule with the code that the other mechanism has for it. */
export function renamed<T, const Mechanism extends string>(
  mechanism: Mechanism,
  result: Result<T, InitDataRefusal>,
): Result<T, `${Mechanism}.${SharedRule}`> {
  if (result.ok) return result;
  return refused(result.code.replace('init_data', mechanism) as `${Mechanism}.${SharedRule}`);
}
