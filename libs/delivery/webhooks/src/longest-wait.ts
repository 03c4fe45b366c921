import { HOUR } from '@countersign/clock';

/**
 * Longer than the longest wait between attempts and the longest pause: 24 hours and a fifth. What is due later was
 * written by a clock that was wrong, and counts as due.
 */
const LONGEST_WAIT_HOURS = 30;

/** In SQL: the end of the longest wait that begins at the instant. */
export function latestPlausibleDue(now: string): string {
  return `${now}::timestamptz + interval '${LONGEST_WAIT_HOURS} hours'`;
}

export function isDue(dueAt: Date, now: Date): boolean {
  return dueAt <= now || dueAt.getTime() > now.getTime() + LONGEST_WAIT_HOURS * HOUR;
}
