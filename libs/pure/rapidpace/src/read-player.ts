import { accepted, refused, type Result } from '@countersign/errors';
import { isAmbiguous } from './ambiguity';
import { signedFields, type RapidpaceKey, type RapidpaceRecord } from './rapidpace-record';
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
