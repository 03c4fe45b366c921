import { HOUR, MINUTE, SECOND } from '@countersign/runtime';

/** Milliseconds before each attempt, 75.6 hours in all. Source: the example in Standard Webhooks 1.0. */
const DELAYS_MS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** A receiver that asks for more than 24 hours gets another attempt after a day. */
const MAX_RETRY_AFTER_SECONDS = 86_400;

/** RFC 9110, section 5.6.7: senders must use the form `Sun, 06 Nov 1994 08:49:37 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** A delay is 80 to 120 % of its value, so that deliveries that failed together do not return together. */
const JITTER = 0.2;

/**
 * In milliseconds; null when there is no further attempt. @param attempts the number of past attempts
 * @param retryAfterSeconds the receiver's `Retry-After`: the attempt is not earlier
 * @param random gives a number from 0 up to, but not including, 1
 */
export function nextAttemptAfter(
  attempts: number,
  retryAfterSeconds: number | null,
  random: () => number,
): number | null {
  const delay = DELAYS_MS[attempts];
  if (delay === undefined) return null;
  const jittered = delay * (1 - JITTER + 2 * JITTER * random());
  const asked = Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER_SECONDS) * SECOND;
  return Math.round(Math.max(jittered, asked));
}

/** Seconds of a `Retry-After` header (RFC 9110, section 10.2.3), from 0 to 24 hours. Null for another form. */
export function parseRetryAfter(value: string, now: Date): number | null {
  const text = value.trim();
  const seconds = /^\d{1,15}$/.test(text) ? Number(text) : secondsUntilDate(text, now);
  return seconds === null ? null : Math.min(seconds, MAX_RETRY_AFTER_SECONDS);
}

function secondsUntilDate(text: string, now: Date): number | null {
  const time = HTTP_DATE.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : Math.max(0, Math.ceil((time - now.getTime()) / 1_000));
}
