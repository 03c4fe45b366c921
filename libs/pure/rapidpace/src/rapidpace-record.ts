/** The keys that Rapidpace documents, in the order in which it signs them: ASCII. */
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

/** Rapidpace's data of a player, as received: numbers keep their digits. Keys that are not documented are signed too. */
export type RapidpaceRecord = ReadonlyMap<string, string | null>;

/** In bytes of UTF-8, of a body or of a query before decoding. */
export const MAX_RAPIDPACE_BYTES = 8192;

/** Whether Rapidpace documents the key. */
export function isRapidpaceKey(name: string): name is RapidpaceKey {
  return RAPIDPACE_KEYS.some((key) => key === name);
}

/** The signature is sent under this name, so no key has it. */
export const HMAC_NAME = 'x-urm-hmac';

/** Whether campaigns and advertisers add this name to links, which Rapidpace has signed before. */
export function isCampaignParameter(name: string): boolean {
  return /^(?:utm_.*|fbclid|gclid)$/.test(name);
}

export function isKey(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) && name !== HMAC_NAME;
}

/**
 * What is signed: each present key followed by its value, without separators. Null signs like empty text, an
 * absent key adds nothing. Two records can have one canonical string, but not two people or dates: see `isAmbiguous`.
 *
 * @see https://docs.rapidpacecrm.com/article/telegram-seamless-login
 */
export function canonicalString(record: RapidpaceRecord): string {
  return [...record]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => key + (value ?? ''))
    .join('');
}
