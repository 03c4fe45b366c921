import { accepted, refused, type Result } from '@countersign/text';
import type { RapidpaceRefusal } from './rapidpace-refusals';

interface LinkAgePolicy {
  readonly now: Date;
  /** In seconds, inclusive. `null` accepts any age. */
  readonly maxAgeSeconds: number | null;
  /** Rapidpace requires only the Telegram id. A link without a date is a permanent password. */
  readonly undated: 'refuse' | 'accept';
}

/** How far Rapidpace's clock may be ahead of ours, in seconds. */
const MAX_SKEW_SECONDS = 60;

/** The value is null for an accepted undated link. @throws RangeError for a policy that would check nothing */
export function readLinkAge(
  authDate: Date | null,
  policy: LinkAgePolicy,
): Result<Date | null, RapidpaceRefusal> {
  const { maxAgeSeconds } = policy;
  if (maxAgeSeconds !== null && (!Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds <= 0))
    throw new RangeError('maxAgeSeconds must be a positive integer');
  const now = secondsOf(policy.now);
  if (!Number.isFinite(now)) throw new RangeError('now must be a valid date');

  if (authDate === null)
    return policy.undated === 'accept' ? accepted(null) : refused('rapidpace.undated_link');
  const date = authDate.getTime() / 1000;
  if (!Number.isFinite(date)) throw new RangeError('authDate must be a valid date');
  if (isInFuture(authDate, policy.now)) return refused('rapidpace.link_in_future');
  if (maxAgeSeconds !== null && date < now - maxAgeSeconds) return refused('rapidpace.link_expired');
  return accepted(authDate);
}

/** Whether a signed date is more than a minute ahead of `now`. */
export function isInFuture(authDate: Date, now: Date): boolean {
  return authDate.getTime() / 1000 > secondsOf(now) + MAX_SKEW_SECONDS;
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
