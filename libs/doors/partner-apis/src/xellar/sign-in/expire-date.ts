import { isISO8601 } from 'class-validator';
import type { XellarCreateRequest } from '../dto/account.dto';
import { xellarError } from '../xellar.errors';

/** A day, or an instant with its zone. */
const FORM = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Returns the earlier date in milliseconds since 1970, or `null` without a date. A day begins at 00:00 UTC. */
export function readExpireDate({ expireDate, expiredDate }: XellarCreateRequest, now: Date): number | null {
  const texts = [expireDate, expiredDate].filter((text) => text !== undefined);
  if (texts.length === 0) return null;
  // JavaScript reads the 31st of February as a day in March.
  const instants = texts.map((text) =>
    FORM.test(text) && isISO8601(text, { strict: true }) ? Date.parse(text) : NaN,
  );
  // The result is NaN if one text is not a date. A token for less than a second is useless.
  const until = Math.min(...instants);
  if (!(until >= now.getTime() + 1_000)) throw xellarError('xellar.expire_date_invalid');
  return until;
}
