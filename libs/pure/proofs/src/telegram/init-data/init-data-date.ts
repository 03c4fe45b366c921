import { accepted, refused, type Result } from '@countersign/text';
import type { InitDataRefusal } from './init-data-refusals';

export interface InitDataAgePolicy {
  readonly now: Date;
  /** In seconds, inclusive. `null` accepts any age, for callers that need only the person. */
  readonly maxAgeSeconds: number | null;
}

/** How far Telegram's clock may be ahead of ours, in seconds. */
export const MAX_SKEW_SECONDS = 60;

/** Reads `auth_date`, the Unix seconds at which the Mini App was opened, and checks both bounds. */
export function readAuthDate(
  text: string | undefined,
  policy: InitDataAgePolicy,
): Result<Date, InitDataRefusal> {
  assertAgePolicy(policy);
  if (!text) return refused('init_data.auth_date_missing');
  if (!/^[1-9]\d{8,10}$/.test(text)) return refused('init_data.auth_date_malformed');

  const { maxAgeSeconds } = policy;
  const authDate = Number(text);
  const now = Math.floor(policy.now.getTime() / 1000);
  if (authDate > now + MAX_SKEW_SECONDS) return refused('init_data.auth_date_in_future');
  if (maxAgeSeconds !== null && authDate < now - maxAgeSeconds) return refused('init_data.auth_date_expired');
  return accepted(new Date(authDate * 1000));
}

/** Every comparison with `NaN` is false, so an unreadable setting would disable a bound. */
export function assertAgePolicy({ now, maxAgeSeconds }: InitDataAgePolicy): void {
  if (!Number.isFinite(now.getTime())) throw new RangeError('now must be a valid date');
  if (maxAgeSeconds !== null && !(Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds > 0))
    throw new RangeError('maxAgeSeconds must be a positive integer');
}
