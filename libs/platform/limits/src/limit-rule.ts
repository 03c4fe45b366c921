/** A limit of calls within a window that begins with the first of them. */
export interface LimitRule {
  /** What is limited. Lower case with hyphens: it is public in the `RateLimit` headers. */
  readonly name: string;
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
}

/**
 * Calls with equal keys share a count. May name a person or an address: only a keyed digest of it is kept.
 */
export type LimitKey = readonly string[];

export interface Verdict extends LimitRule {
  readonly isAllowed: boolean;
  /** How many more are allowed within the window. */
  readonly remaining: number;
  /** Seconds until the window ends, at least one. */
  readonly resetIn: number;
}

/** What a store knows of one window. */
export interface WindowCount {
  /** Whether this call is within the limit. Refused calls do not count. */
  readonly isAllowed: boolean;
  readonly used: number;
  /** Milliseconds until the window ends; the whole window if there is none. */
  readonly endsIn: number;
}

export function toVerdict(
  { name, limit, window }: LimitRule,
  { isAllowed, used, endsIn }: WindowCount,
): Verdict {
  return {
    name,
    limit,
    window,
    isAllowed,
    remaining: Math.max(0, limit - used),
    resetIn: Math.max(1, Math.ceil(endsIn / 1_000)),
  };
}
