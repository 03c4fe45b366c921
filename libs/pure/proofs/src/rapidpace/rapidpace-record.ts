import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { hasLoneSurrogate } from '@countersign/text';

/** The documented keys in the order in which Rapidpace signs them: ASCII. */
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

/** Rapidpace's data of a player as received: numbers keep their digits, and undocumented keys are signed too. */
export type RapidpaceRecord = ReadonlyMap<string, string | null>;

/** In bytes of UTF-8, for a body or for a query before decoding. */
export const MAX_RAPIDPACE_BYTES = 8192;

export function isRapidpaceKey(name: string): name is RapidpaceKey {
  return RAPIDPACE_KEYS.some((key) => key === name);
}

/** The signature has this name, so no key has it. */
export const HMAC_NAME = 'x-urm-hmac';

/** Campaigns and advertisers add such parameters to links that Rapidpace has already signed. */
export function isCampaignParameter(name: string): boolean {
  return /^(?:utm_.*|fbclid|gclid)$/.test(name);
}

export function isKey(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name) && name !== HMAC_NAME;
}

/**
 * Each present key followed by its value, without separators. Null signs like empty text. Two records can have the same
 * string, but not two people or dates: see `isAmbiguous`.
 * @see https://docs.rapidpacecrm.com/article/telegram-seamless-login
 */
export function canonicalString(record: RapidpaceRecord): string {
  return [...record]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => key + (value ?? ''))
    .join('');
}

/** The UTF-8 bytes of Rapidpace's secret. @throws RangeError for a secret that is empty or has no UTF-8 form */
export function deriveRapidpaceKey(secret: string): KeyObject {
  if (secret === '') throw new RangeError('a secret must not be empty');
  if (hasLoneSurrogate(secret)) throw new RangeError('a secret must be well-formed Unicode');
  return createSecretKey(secret, 'utf8');
}

/** The value of `x-urm-hmac`, base64 of 32 bytes. Checks no rule. @throws RangeError for an empty secret */
export function signRecord(record: RapidpaceRecord, secret: string): string {
  const mac = createHmac('sha256', deriveRapidpaceKey(secret));
  return mac.update(canonicalString(record), 'utf8').digest('base64');
}
