/** When something was changed: later than before, so that each change has an entity tag of its own. */
export function laterThan(before: Date, now: Date): Date {
  return new Date(Math.max(now.getTime(), before.getTime() + 1));
}
