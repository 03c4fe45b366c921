import { Refused } from '@countersign/custody-protocol';

/** Parts of a window. A part counts until all of it is outside. */
const PARTS = 60;

/** A limit of a sum in a window that slides, and how much of it an act takes. */
export interface LimitedSum {
  readonly code: 'above_day' | 'above_hour';
  readonly id: string;
  readonly amount: bigint;
  readonly limit: bigint;
  readonly windowMs: number;
}

/** What was counted towards the sum of this id in a part of its window. */
export interface CountedPart {
  readonly id: string;
  readonly startsAt: Date;
  readonly amount: bigint;
}

/** When the part starts in which an act of now counts. */
export function partOf({ windowMs }: Pick<LimitedSum, 'windowMs'>, now: Date): Date {
  const partMs = windowMs / PARTS;
  return new Date(Math.floor(now.getTime() / partMs) * partMs);
}

/**
 * An amount that is exactly a limit is within it.
 * @param parts of any sums, in any order: one that counts no more is left out
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

/** How long until enough of the parts counts no more. */
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
