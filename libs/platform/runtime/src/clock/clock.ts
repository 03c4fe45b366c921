/** The only source of "now" for business rules. Tests replace it. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A negative number gives an earlier instant. */
export function plusSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * SECOND);
}

/** The rounded number of seconds from `now` until `instant`, never below zero. */
export function secondsUntil(instant: Date, now: Date): number {
  return Math.max(0, Math.round((instant.getTime() - now.getTime()) / SECOND));
}

export function earliest(first: Date, ...others: readonly Date[]): Date {
  return others.reduce((least, other) => (other < least ? other : least), first);
}

/** The UTC day of an instant: `2026-01-31`. */
export function utcDayOf(instant: Date): string {
  return instant.toISOString().slice(0, 'yyyy-mm-dd'.length);
}
