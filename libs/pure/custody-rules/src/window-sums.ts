import { Refused } from '@countersign/custody-protocol';

/** A slice counts until all of it is outside of the window. */
const PARTS = 60;

/** The limit of a sum in a sliding window, and the amount of an act. */
export interface LimitedSum {
  readonly code: 'above_day' | 'above_hour';
  readonly id: string;
  readonly amount: bigint;
  readonly limit: bigint;
  readonly windowMs: number;
}

export interface CountedPart {
  readonly id: string;
  readonly startsAt: Date;
  readonly amount: bigint;
}

/** The start of the slice for an act at `now`. */
export function partOf({ windowMs }: Pick<LimitedSum, 'windowMs'>, now: Date): Date {
  const partMs = windowMs / PARTS;
  return new Date(Math.floor(now.getTime() / partMs) * partMs);
}

/**
 * An amount that equals a limit is allowed. @param parts of any sums, in any order; expired ones are ignored
 * @throws Refused `above_day`, `above_hour` for the first sum that the act would exceed
 */
export function assertWithin(sums: readonly LimitedSum[], parts: readonly CountedPart[], now: Date): void {
  for (const sum of sums) {
    const { code, amount, limit } = sum;
    if (amount > limit) throw new Refused(code);
    const waitMs = waitFor(sum, parts, now);
    if (waitMs > 0) throw new Refused(code, { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  }
}

function waitFor(
  { id, amount, limit, windowMs }: LimitedSum,
  parts: readonly CountedPart[],
  now: Date,
): number {
  const countedMs = windowMs + windowMs / PARTS;
  const counted = parts
    .map((part) => ({ ...part, endsInMs: part.startsAt.getTime() + countedMs - now.getTime() }))
    .filter((part) => part.id === id && part.endsInMs > 0)
    .toSorted((one, other) => one.endsInMs - other.endsInMs);
  let used = counted.reduce((total, part) => total + part.amount, amount);
  let waitMs = 0;
  for (const part of counted) {
    if (used <= limit) break;
    used -= part.amount;
    waitMs = part.endsInMs;
  }
  return waitMs;
}
