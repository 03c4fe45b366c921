import { defineErrors } from '@countersign/text';

/** A limit of calls within a window that begins with the first of them. */
export interface LimitRule {
  /** What is limited. Lower case with hyphens: it is the label of a metric. */
  readonly name: string;
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
}

/** Calls with equal keys share a count. May name a person or an address: only a keyed digest of it is kept. */
export type LimitKey = readonly string[];

export interface Verdict {
  readonly isAllowed: boolean;
  /** Seconds until the window ends, at least one. */
  readonly resetIn: number;
}

/** What a store knows of one window. */
export interface WindowCount {
  /** Whether this call is within the limit. Refused calls do not count. */
  readonly isAllowed: boolean;
  /** Milliseconds until the window ends; the whole window if there is none. */
  readonly endsIn: number;
}

const limitsError = defineErrors({
  'request.rate_limited': {
    kind: 'rate-limited',
    title: 'Too many requests',
    remedy: 'Ask again after the seconds in `Retry-After`.',
  },
});

/** @throws AppError request.rate_limited */
export function assertAllowed({ isAllowed, resetIn }: Verdict): void {
  if (!isAllowed) throw limitsError('request.rate_limited', { retryAfterSeconds: resetIn });
}
