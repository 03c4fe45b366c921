import {
  accepted,
  decodeBase64,
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  refused,
  type Result,
} from '@countersign/text';
import type { KeyObject } from 'node:crypto';
import { isRight, type SignatureTest } from '../signatures/is-right';
import { canonicalString, HMAC_NAME, type RapidpaceKey, type RapidpaceRecord } from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';

/** In code points, as Telegram counts. */
const NAME = /^.{0,64}$/su;

const FORMATS: readonly (readonly [key: RapidpaceKey, format: RegExp, code: RapidpaceRefusal])[] = [
  ['auth_date', /^(?:[1-9]\d{8,10})?$/, 'rapidpace.auth_date_malformed'],
  ['first_name', NAME, 'rapidpace.name_invalid'],
  ['last_name', NAME, 'rapidpace.name_invalid'],
  ['username', /^[A-Za-z0-9_]{0,32}$/, 'rapidpace.username_invalid'],
  // RFC 5646, section 4.4.1, recommends this length.
  ['language_code', /^[A-Za-z0-9_-]{0,35}$/, 'rapidpace.language_code_invalid'],
  [
    'trace_id',
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$/i,
    'rapidpace.trace_id_invalid',
  ],
];

/** Only the Telegram id is required. Other values may be null or empty. */
function findFormatFault(record: RapidpaceRecord): RapidpaceRefusal | undefined {
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

/** Absent, null and empty values are null. */
interface RapidpacePlayer {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly telegramId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
  readonly traceId: string | null;
  /** The time of /start or of the click: Rapidpace does not document which. */
  readonly authDate: Date | null;
}

/** Checks the values, and that the canonical string names one person and one date. Proves no origin. */
export function readPlayer(record: RapidpaceRecord): Result<RapidpacePlayer, RapidpaceRefusal> {
  const fault = findFormatFault(record);
  if (fault) return refused(fault);
  if (isAmbiguous(record)) return refused('rapidpace.ambiguous_record');

  const textOf = (key: RapidpaceKey): string | null => record.get(key) || null;
  const authDate = textOf('auth_date');
  return accepted({
    telegramId: record.get('telegram_id') ?? '',
    firstName: textOf('first_name'),
    lastName: textOf('last_name'),
    username: textOf('username'),
    languageCode: textOf('language_code'),
    traceId: textOf('trace_id'),
    authDate: authDate === null ? null : new Date(Number(authDate) * 1000),
  });
}

/** The keys that name the person and the date, and one that no record has. */
const DECIDING = ['telegram_id', 'auth_date', 'trace_id', HMAC_NAME] as const;

/**
 * Whether the canonical string could also be that of another person or date. It has no separators, so the last name
 * `telegram_id1` could get a link signed that reads as another person's.
 *
 * The rule: these names occur once in the canonical string if the key is present, and never if it is absent. Then every
 * reading has them in the same position, followed by their digits: keys are sorted, and no later key begins with a
 * digit. Names of other keys may occur in values: such readings differ only in names.
 */
function isAmbiguous(record: RapidpaceRecord): boolean {
  const canonical = canonicalString(record);
  return DECIDING.some((key) => {
    const first = canonical.indexOf(key);
    return record.has(key) ? first !== canonical.lastIndexOf(key) : first !== -1;
  });
}

export interface VerifiedRapidpacePlayer extends RapidpacePlayer {
  /** The signed text. It is equal for all readings, so it identifies the proof. */
  readonly canonical: string;
  /** The HMAC, 32 bytes. */
  readonly signature: Uint8Array;
}

/**
 * Accepts a record that is well-formed, names one person and one date, and is signed with one of the keys. It does not
 * check the age: see `readLinkAge`. `record` and `hmac` cannot make it throw. Campaigns add parameters to links: keys
 * of `isUnsigned` are left out first, and signed like others in a second attempt.
 * @param hmac `x-urm-hmac` as received
 * @param keys usually one, and two during a rotation of the secret. An empty list accepts nothing
 */
export function verifyRecord(
  record: RapidpaceRecord,
  hmac: string | undefined,
  keys: readonly KeyObject[],
  isUnsigned?: (key: string) => boolean,
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  return checkRecord(record, { hmac, keys, test: isRight, isUnsigned });
}

interface RecordPolicy<Key> {
  readonly hmac: string | undefined;
  readonly keys: readonly Key[];
  readonly test: SignatureTest<Key>;
  readonly isUnsigned?: ((key: string) => boolean) | undefined;
}

/** Like {@link verifyRecord}, but the caller checks the HMAC. */
export function checkRecord<Key>(
  record: RapidpaceRecord,
  policy: RecordPolicy<Key>,
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const signed = new Map([...record].filter(([key]) => !policy.isUnsigned?.(key)));
  const verified = checkWhole(signed, policy);
  return verified.ok || signed.size === record.size ? verified : checkWhole(record, policy);
}

function checkWhole<Key>(
  record: RapidpaceRecord,
  { hmac, keys, test }: RecordPolicy<Key>,
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const player = readPlayer(record);
  if (!player.ok) return player;

  if (!hmac) return refused('rapidpace.hmac_missing');
  const signature = /^[A-Za-z0-9+/]{43}=$/.test(hmac) ? decodeBase64(hmac) : undefined;
  if (!signature) return refused('rapidpace.hmac_malformed');

  const canonical = canonicalString(record);
  // All keys are tried, so that the timing does not reveal the matching one.
  const right = keys.filter((key) => test({ key, text: canonical, signature }));
  return right.length > 0
    ? accepted({ ...player.value, canonical, signature })
    : refused('rapidpace.hmac_mismatch');
}
