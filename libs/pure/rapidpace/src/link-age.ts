import { accepted, refused, type Result } from '@countersign/errors';
import type { RapidpaceRefusal } from './rapidpace-refusals';

interface LinkAgePolicy {
  readonly now: Date;
  /** In seconds, the limit included. */
  readonly maxAgeSeconds: number;
  /** Rapidpace requires only the Telegram id. A link without a date is a permanent password. */
  readonly undated: 'refuse' | 'accept';
}

/** How far Rapidpace's clock may be ahead of ours, in seconds. */
const MAX_SKEW_SECONDS = 60;

/**
 * Checks the date of a login link that was found authentic. The value is the date, null for an undated link
 * that the policy accepts.
 *
 * @throws RangeError for a policy that would check nothing, such as an age limit of `NaN`
 */
export function readLinkAge(
  authDate: Date | null,
  policy: LinkAgePolicy,
): Result<Date | null, RapidpaceRefusal> {
  const { maxAgeSeconds } = policy;
  if (!Number.isSafeInteger(maxAgeSeconds) || maxAgeSeconds <= 0)
    throw new RangeError('maxAgeSeconds must be a positive integer');
  const now = Math.floor(policy.now.getTime() / 1000);
  if (!Number.isFinite(now)) throw new RangeError('now must be a valid date');

  if (authDate === null)
    return policy.undated === 'accept' ? accepted(null) : refused('rapidpace.undated_link');
  const date = authDate.getTime() / 1000;
  if (!Number.isFinite(date)) throw new RangeError('authDate must be a valid date');
  if (date > now + MAX_SKEW_SECONDS) return refused('rapidpace.link_in_future');
  if (date < now - maxAgeSeconds) return refused('rapidpace.link_expired');
  return accepted(authDate);
}
