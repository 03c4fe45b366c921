import { HOUR, MINUTE, SECOND } from '@countersign/clock';
import { MAX_RETRY_AFTER_SECONDS } from './retry-after';

/** Milliseconds before each attempt: 75.6 hours in all. Source: the example of Standard Webhooks 1.0. */
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

/** A delay is between 80 and 120 % of its value, so that deliveries that failed together do not return together. */
const JITTER = 0.2;

/** How often a webhook is sent at most. */
export const MAX_ATTEMPTS = DELAYS_MS.length;

/**
 * How long the next attempt waits, in milliseconds.
 * @param attempts how many were made, 0 for a new delivery
 * @param retryAfterSeconds what the receiver asked for: the attempt is not earlier
 * @param random gives a number from 0 up to, but not including, 1
 * @returns null when there is no further attempt
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
