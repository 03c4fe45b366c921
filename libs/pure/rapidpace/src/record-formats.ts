import { exactId, hasControlCharacter, hasLoneSurrogate } from '@countersign/text';
import type { RapidpaceKey, RapidpaceRecord } from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';

/** In code points, as Telegram counts. */
const NAME = /^.{0,64}$/su;

const FORMATS: readonly (readonly [key: RapidpaceKey, format: RegExp, code: RapidpaceRefusal])[] = [
  ['auth_date', /^(?:[1-9]\d{8,10})?$/, 'rapidpace.auth_date_malformed'],
  ['first_name', NAME, 'rapidpace.name_invalid'],
  ['last_name', NAME, 'rapidpace.name_invalid'],
  ['username', /^[A-Za-z0-9_]{0,32}$/, 'rapidpace.username_invalid'],
  // As long as RFC 5646, section 4.4.1, wants it to fit.
  ['language_code', /^[A-Za-z0-9_-]{0,35}$/, 'rapidpace.language_code_invalid'],
  [
    'trace_id',
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$/i,
    'rapidpace.trace_id_invalid',
  ],
];

/** The first format that a value breaks. Only the Telegram id is required; the others may be null or empty. */
export function findFormatFault(record: RapidpaceRecord): RapidpaceRefusal | undefined {
  for (const value of record.values()) {
    if (value !== null && hasControlCharacter(value)) return 'rapidpace.control_character';
    if (value !== null && hasLoneSurrogate(value)) return 'rapidpace.malformed';
  }

  const id = record.get('telegram_id');
  if (!id) return 'rapidpace.telegram_id_missing';
  if (exactId({ value: Number(id), source: id }) === undefined) return 'rapidpace.telegram_id_invalid';

  const broken = FORMATS.find(([key, format]) => !format.test(record.get(key) ?? ''));
  return broken?.[2];
}
