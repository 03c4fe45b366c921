import type { Logger } from '@countersign/observability';
import { READINESS_MS, type Readiness } from './readiness';

/** After a round that failed. */
const RETRY_MS = 1_000;

/**
 * Calls `round` again and again while this replica may work: after the milliseconds that it answers, or as soon as it is
 * woken.
 */
export class PollingLoop {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  /** When the next round is due, by `performance.now()`. While a round runs, what it was woken for. */
  private dueAt = Number.POSITIVE_INFINITY;
  private isStopped = true;

  constructor(
    private readonly name: string,
    private readonly round: () => Promise<number>,
    private readonly logger: Logger,
    private readonly readiness: Readiness,
  ) {}

  start(): void {
    this.isStopped = false;
    this.next(0);
  }

  /** @param afterMs how long it may take at most until the next round begins: one that is due earlier stays so */
  wake(afterMs = 0): void {
    const dueAt = performance.now() + afterMs;
    if (this.isStopped || dueAt >= this.dueAt) return;
    if (this.isRunning) this.dueAt = dueAt;
    else this.next(afterMs);
  }

  /** Resolves when a round that runs has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(ms: number): void {
    clearTimeout(this.timer);
    this.dueAt = performance.now() + ms;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, ms).unref();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    this.dueAt = Number.POSITIVE_INFINITY;
    let waitMs = RETRY_MS;
    try {
      waitMs = (await this.readiness.mayWork()) ? await this.round() : READINESS_MS;
    } catch (error) {
      this.logger.warn({ err: error }, `a round of ${this.name} failed`);
    }
    this.isRunning = false;
    if (this.isStopped) return;
    this.next(Math.min(waitMs, Math.max(0, this.dueAt - performance.now())));
  }
}
