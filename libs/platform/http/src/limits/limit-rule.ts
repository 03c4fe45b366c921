import { defineErrors, refusals } from '@countersign/text';

/** A limit of calls within a window, which begins with the first call. */
export interface LimitRule {
  /** Lower case with hyphens: it is the label of a metric. */
  readonly name: string;
  readonly limit: number;
  /** In seconds. */
  readonly window: number;
}

/** Calls with equal keys share a count. A key may name a person or an address: only its keyed digest is stored. */
export type LimitKey = readonly string[];

export interface Verdict {
  readonly isAllowed: boolean;
  /** Seconds until the window ends, at least one. */
  readonly resetIn: number;
}

export interface WindowCount {
  /** Whether this call is within the limit. Refused calls do not count. */
  readonly isAllowed: boolean;
  /** Milliseconds until the window ends. Without a window, its whole length. */
  readonly endsIn: number;
}

const limitsError = defineErrors(
  refusals('rate-limited', {
    'request.rate_limited': 'Too many requests. Ask again after the seconds in `Retry-After`.',
  }),
);

export function assertAllowed({ isAllowed, resetIn }: Verdict): void {
  if (!isAllowed) throw limitsError('request.rate_limited', { retryAfterSeconds: resetIn });
}
