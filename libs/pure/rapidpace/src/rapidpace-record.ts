/** The keys that Rapidpace sends and signs, in the order in which it signs them: ASCII. */
export const RAPIDPACE_KEYS = [
  'auth_date',
  'first_name',
  'language_code',
  'last_name',
  'telegram_id',
  'trace_id',
  'username',
] as const;

export type RapidpaceKey = (typeof RAPIDPACE_KEYS)[number];

/** Rapidpace's data of a player, as received: numbers keep their digits. */
export type RapidpaceRecord = ReadonlyMap<RapidpaceKey, string | null>;

/** In bytes of UTF-8, of a body or of a query before decoding. */
export const MAX_RAPIDPACE_BYTES = 8192;

export function isRapidpaceKey(name: string): name is RapidpaceKey {
  return RAPIDPACE_KEYS.some((key) => key === name);
}

/**
 * What is signed: each present key followed by its value, without separators. Null signs like empty text, an
 * absent key adds nothing. Two records can have one canonical string: see `isAmbiguous`.
 *
 * @see https://docs.rapidpacecrm.com/article/telegram-seamless-login
 */
export function canonicalString(record: RapidpaceRecord): string {
  return signedFields(record).flat().join('');
}

/** The keys that are present with their values as signed, in signing order. */
export function signedFields(
  record: RapidpaceRecord,
): readonly (readonly [key: RapidpaceKey, value: string])[] {
  return RAPIDPACE_KEYS.filter((key) => record.has(key)).map((key) => [key, record.get(key) ?? '']);
}
