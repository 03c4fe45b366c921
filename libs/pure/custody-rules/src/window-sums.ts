/** Parts of a window. A part counts until all of it is outside. */
const PARTS = 60;

/** A limit of a sum in a window that slides, and how much of it an act uses. */
export interface WindowSum {
  readonly code: string;
  readonly amount: bigint;
  readonly limit: bigint;
  readonly windowMs: number;
}

/** What was taken in a part of a window. */
export interface PartSum {
  readonly startsAt: Date;
  readonly amount: bigint;
}

interface RefusedBySum<Code> {
  readonly code: Code;
  /** Null where the amount alone is above the limit. */
  readonly retryAfterSeconds: number | null;
}

/** When the part starts in which an act of now counts. */
export function partOf({ windowMs }: WindowSum, now: Date): Date {
  const partMs = windowMs / PARTS;
  return new Date(Math.floor(now.getTime() / partMs) * partMs);
}

/** How long a part counts, from its start. */
function countedMs({ windowMs }: WindowSum): number {
  return windowMs + windowMs / PARTS;
}

/**
 * @param partsOf those of a sum, in any order: one that counts no more is left out
 * @returns the first that the act would exceed; an amount that is exactly a limit is within it
 */
export function refusedBySums<Sum extends WindowSum>(
  sums: readonly Sum[],
  partsOf: (sum: Sum) => readonly PartSum[],
  now: Date,
): RefusedBySum<Sum['code']> | null {
  for (const sum of sums) {
    const { code, amount, limit } = sum;
    if (amount > limit) return { code, retryAfterSeconds: null };
    const waitMs = waitFor(sum, partsOf(sum), now);
    if (waitMs > 0) return { code, retryAfterSeconds: Math.ceil(waitMs / 1_000) };
  }
  return null;
}

/** How much of its parts counts now. */
export function usedOf(sum: WindowSum, parts: readonly PartSum[], now: Date): bigint {
  return countedIn(sum, parts, now).reduce((total, { amount }) => total + amount, 0n);
}

function countedIn(
  sum: WindowSum,
  parts: readonly PartSum[],
  now: Date,
): readonly { readonly endsInMs: number; readonly amount: bigint }[] {
  return parts
    .map(({ startsAt, amount }) => ({
      endsInMs: startsAt.getTime() + countedMs(sum) - now.getTime(),
      amount,
    }))
    .filter(({ endsInMs }) => endsInMs > 0);
}

/** How long until enough of the parts counts no more. */
function waitFor(sum: WindowSum, parts: readonly PartSum[], now: Date): number {
  let used = sum.amount + usedOf(sum, parts, now);
  let waitMs = 0;
  for (const part of countedIn(sum, parts, now).toSorted((one, other) => one.endsInMs - other.endsInMs)) {
    if (used <= sum.limit) break;
    used -= part.amount;
    waitMs = part.endsInMs;
  }
  return waitMs;
}
