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
  // As long as RFC 5646, section 4.4.1, wants it to fit.
  ['language_code', /^[A-Za-z0-9_-]{0,35}$/, 'rapidpace.language_code_invalid'],
  [
    'trace_id',
    /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$/i,
    'rapidpace.trace_id_invalid',
  ],
];

/** The first format that a value breaks. Only the Telegram id is required; the others may be null or empty. */
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

/** The player of a record. Absent, null and empty values are null. */
interface RapidpacePlayer {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly telegramId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
  readonly traceId: string | null;
  /** Undocumented whether it is the time of /start or of the click. */
  readonly authDate: Date | null;
}

/** Reads a record with well-formed values, whose canonical string names one person and one date. Does not prove its origin. */
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

/** What says who a record is about and when it was made, and what no record has. */
const DECIDING = ['telegram_id', 'auth_date', 'trace_id', HMAC_NAME] as const;

/**
 * Whether the canonical string could also be that of another person or date. Nothing separates its parts, so a player whose last
 * name is `telegram_id1` could have a link signed that reads as another person's.
 *
 * The rule: these names occur once in the canonical string if the key is present, and never if it is absent. Then every reading has
 * them in the same place, and their values are the digits that follow: keys are sorted, so none that follows begins with a digit.
 * Names of other keys may stand in values: such readings differ in names only.
 */
function isAmbiguous(record: RapidpaceRecord): boolean {
  const canonical = canonicalString(record);
  return DECIDING.some((key) => {
    const first = canonical.indexOf(key);
    return record.has(key) ? first !== canonical.lastIndexOf(key) : first !== -1;
  });
}

export interface VerifiedRapidpacePlayer extends RapidpacePlayer {
  /** What was signed. Equal for all readings of it, so a proof is named by it. */
  readonly canonical: string;
  /** The HMAC, 32 bytes. */
  readonly signature: Uint8Array;
}

/**
 * Accepts a record as Rapidpace's assertion about a player: values well-formed, one person and one date in all readings, signed
 * with one of the keys. Does not check its age: see `readLinkAge`. Nothing in `record` or `hmac` makes it throw.
 *
 * Campaigns add parameters to links: keys that `isUnsigned` names are left out at first, and signed like all others otherwise.
 *
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

/** Does the same as {@link verifyRecord}. The caller checks the HMAC. */
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
  // All keys are tried, so that the timing does not reveal which of them matched.
  const right = keys.filter((key) => test({ key, text: canonical, signature }));
  return right.length > 0
    ? accepted({ ...player.value, canonical, signature })
    : refused('rapidpace.hmac_mismatch');
}
