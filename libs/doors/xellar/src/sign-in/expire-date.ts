import { xellarError } from '../xellar.errors';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** How clients spell it. */
export interface ExpireDates {
  readonly expireDate?: string;
  readonly expiredDate?: string;
}

/**
 * The earlier one, in milliseconds since 1970; `null` without. A day begins at 00:00 UTC.
 * @throws AppError xellar.expire_date_invalid for one that is not in the future
 */
export function readExpireDate({ expireDate, expiredDate }: ExpireDates, now: Date): number | null {
  const instants = [expireDate, expiredDate].flatMap((text) => (text === undefined ? [] : [instantOf(text)]));
  if (instants.length === 0) return null;
  // NaN where one is no date. Less than a second is not worth a token.
  const until = Math.min(...instants);
  if (!(until >= now.getTime() + 1_000)) throw xellarError('xellar.expire_date_invalid');
  return until;
}

function instantOf(text: string): number {
  if (!DATE.test(text) && !INSTANT.test(text)) return NaN;
  const instant = new Date(text);
  // JavaScript reads the 31st of February as a day in March.
  const isDay = Number.isFinite(instant.getTime()) && isDayOfMonth(text.slice(0, 10));
  return isDay ? instant.getTime() : NaN;
}

function isDayOfMonth(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return Number.isFinite(read.getTime()) && read.toISOString().startsWith(day);
}
