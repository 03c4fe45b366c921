import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { hasLoneSurrogate } from '@countersign/text';

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

/**
 * The HMAC key of a customer: the UTF-8 bytes of the secret from Rapidpace, not decoded in any way.
 *
 * @throws RangeError for an empty secret, whose key is no secret, and for one without a UTF-8 form
 */
export function deriveRapidpaceKey(secret: string): KeyObject {
  if (secret === '') throw new RangeError('a secret must not be empty');
  if (hasLoneSurrogate(secret)) throw new RangeError('a secret must be well-formed Unicode');
  return createSecretKey(secret, 'utf8');
}

/**
 * What Rapidpace sends as `x-urm-hmac` for this record: base64 of 32 bytes. Checks no rule of the record.
 *
 * @throws RangeError for an empty secret
 */
export function signRecord(record: RapidpaceRecord, secret: string): string {
  const mac = createHmac('sha256', deriveRapidpaceKey(secret));
  return mac.update(canonicalString(record), 'utf8').digest('base64');
}
