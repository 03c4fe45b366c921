/** The instant of a change: at least a millisecond after the one before, so that each change has its own entity tag. */
export function laterThan(before: Date, now: Date): Date {
  return new Date(Math.max(now.getTime(), before.getTime() + 1));
}
