const SECOND_MS = 1_000;

/** Whose requests go first where the limit of a URL makes them wait. */
const urgencies = ['send', 'receipt', 'follow'] as const;
export type Urgency = (typeof urgencies)[number];

interface Waiting {
  readonly rank: number;
  readonly costMs: number;
  readonly deadline: number;
  readonly answer: (isTaken: boolean) => void;
}

/**
 * A token bucket for one URL: as many requests a second as it is allowed, and as many at once after a pause. Those that
 * wait are served by urgency, and in the order of their calls where it is the same.
 */
export class RequestPace {
  /** The time, of the monotonic clock, from which on the bucket is full. */
  private fullAt = 0;
  private readonly waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Takes `count` requests when it is their turn. They may be more than the bucket holds: later requests wait longer then.
   * @returns false, and nothing is taken, when it would be longer than `mostMs`: at once where that is known
   */
  async take(count: number, mostMs: number, urgency: Urgency = 'follow'): Promise<boolean> {
    const now = this.now();
    const rank = urgencies.indexOf(urgency);
    const costMs = (count * SECOND_MS) / this.perSecond;
    const before = this.waiting.filter((other) => other.rank <= rank);
    const aheadMs = before.reduce((sum, other) => sum + other.costMs, 0);
    if (this.waitMs(costMs, now, aheadMs) > mostMs) return false;
    return new Promise((answer) => {
      this.waiting.splice(before.length, 0, { rank, costMs, deadline: now + mostMs, answer });
      this.serve();
    });
  }

  private serve(): void {
    clearTimeout(this.timer);
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const now = this.now();
      const waitMs = this.waitMs(next.costMs, now);
      // More urgent ones came since.
      const isLate = waitMs > 0 && now + waitMs > next.deadline;
      if (waitMs > 0 && !isLate) {
        this.timer = setTimeout(() => this.serve(), waitMs);
        return;
      }
      this.waiting.shift();
      if (!isLate) this.fullAt = Math.max(this.fullAt, now) + next.costMs;
      next.answer(!isLate);
    }
  }

  private waitMs(costMs: number, now: number, aheadMs = 0): number {
    // A full bucket allows the requests of one second at once.
    return Math.max(0, Math.max(this.fullAt - now, 0) + aheadMs + costMs - Math.max(SECOND_MS, costMs));
  }
}
