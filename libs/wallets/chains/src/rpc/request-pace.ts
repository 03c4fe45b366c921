const SECOND_MS = 1_000;

/**
 * A token bucket for one URL: as many requests a second as it is allowed, and as many at once after a pause. Those that
 * wait are served in the order of their calls.
 */
export class RequestPace {
  /** The time, of the monotonic clock, from which on the bucket is full. */
  private fullAt = 0;

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Takes `count` requests, and answers the milliseconds to wait before they are sent. They may be more than the bucket
   * holds: later requests wait longer then.
   * @returns null, and nothing is taken, when it would be longer than `mostMs`.
   */
  take(count: number, mostMs: number): number | null {
    const now = this.now();
    const costMs = (count * SECOND_MS) / this.perSecond;
    const start = Math.max(this.fullAt, now);
    // A full bucket allows the requests of one second at once.
    const waitMs = Math.max(0, start + costMs - now - Math.max(SECOND_MS, costMs));
    if (waitMs > mostMs) return null;
    this.fullAt = start + costMs;
    return waitMs;
  }

  /**
   * Takes `count` requests that can wait, so that half of the bucket is left for others.
   * @returns 0 when they are taken; otherwise nothing is taken, and these are the milliseconds until it is worth asking
   * again
   */
  takeSpare(count: number): number {
    const now = this.now();
    const costMs = (count * SECOND_MS) / this.perSecond;
    const start = Math.max(this.fullAt, now);
    const waitMs = start + costMs - now - Math.max(SECOND_MS / 2, costMs);
    if (waitMs > 0) return waitMs;
    this.fullAt = start + costMs;
    return 0;
  }
}
