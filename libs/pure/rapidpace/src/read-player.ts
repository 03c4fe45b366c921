import { accepted, refused, type Result } from '@countersign/errors';
import {
  signedFields,
  type RapidpaceKey,
  type RapidpaceRecord,
  canonicalString,
  RAPIDPACE_KEYS,
} from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';
import { findFormatFault } from './record-formats';

/** The player of a record. Absent, null and empty values are null. */
export interface RapidpacePlayer {
  /** Telegram's user id in decimal digits, exactly as signed; at most 2^53 - 1. */
  readonly telegramId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
  readonly traceId: string | null;
  /** Undocumented whether it is the time of /start or of the click. */
  readonly authDate: Date | null;
  /** What is signed, in a fixed order: the same for null and empty text, and for a number and its digits. */
  readonly fields: readonly (readonly [key: RapidpaceKey, value: string])[];
}

/** Reads a record with well-formed values and an unambiguous canonical string. Does not prove its origin. */
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
    fields: signedFields(record),
  });
}

/**
 * Whether the canonical string could also be that of another record. Nothing separates its parts, so a player
 * whose last name is `telegram_id1` could have a link signed that reads as another person's.
 *
 * The rule: every key's name occurs once in the canonical string if the key is present, and never if it is
 * absent. Then the names in a string show which keys are present and where each value begins and ends, so
 * that any two records that satisfy the rule and have the same signature have the same values.
 */
function isAmbiguous(record: RapidpaceRecord): boolean {
  const canonical = canonicalString(record);
  return RAPIDPACE_KEYS.some((key) => {
    const first = canonical.indexOf(key);
    return record.has(key) ? first !== canonical.lastIndexOf(key) : first !== -1;
  });
}
