import { Injectable } from '@nestjs/common';
import { Logger, safeError } from './logger';
import { Metrics, type CountBy } from './metrics/metrics';

const RETRY_MS = 1_000;
const NOT_READY_MS = 2_000;

/**
 * Runs work beside requests. Errors are logged and counted, and readiness names them until the task succeeds. An error
 * that is handled nowhere is a defect, and ends the process.
 */
@Injectable()
export class SideTasks {
  private readonly failing = new Map<string, string>();
  private readonly count: CountBy<'task'>;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.count = metrics.counter(
      'countersign_side_task_failures_total',
      'Failures of work beside requests, at this replica. It is tried again.',
      'task',
    );
  }

  get degraded(): readonly string[] {
    return [...this.failing.keys()].sort();
  }

  /** Never rejects. @returns undefined when the work failed */
  async attempt<T>(task: string, work: () => Promise<T>, fields: object = {}): Promise<T | undefined> {
    try {
      const result = await work();
      this.succeeded(task);
      return result;
    } catch (error) {
      this.failed(task, error, fields);
      return undefined;
    }
  }

  /** @param task the label of a metric, from a closed set */
  failed(task: string, error: unknown, fields: object = {}): void {
    this.count({ task });
    const { type, code } = safeError(error);
    const kind = `${type} ${code ?? ''}`;
    const level = this.failing.get(task) === kind ? 'debug' : 'warn';
    this.failing.set(task, kind);
    this.logger[level]({ err: error, task, ...fields }, 'a side task failed: it is tried again');
  }

  succeeded(task: string): void {
    if (this.failing.delete(task)) this.logger.info({ task }, 'a side task works again');
  }

  /**
   * Repeats `round`: after the returned milliseconds, a second after a failure, or when it is woken. `Infinity` waits
   * until then.
   * @param permission whether the loop may work; it never rejects
   */
  loop(
    task: string,
    round: () => Promise<number>,
    permission?: { mayWork(): Promise<boolean> } | null,
  ): SideTask {
    return new SideTask(async () => {
      if (permission && !(await permission.mayWork())) return NOT_READY_MS;
      return (await this.attempt(task, round)) ?? RETRY_MS;
    });
  }
}

export class SideTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;
  /** The time of the next round, by `performance.now()`. During a round, a call of `wake` sets it. */
  private dueAt = Number.POSITIVE_INFINITY;
  private isStarted = false;
  private isStopped = false;

  /** @param round never rejects; see `SideTasks.loop` */
  constructor(private readonly round: () => Promise<number>) {}

  /** Does nothing after `stop`: while a process ends, a task may still start another one. */
  start(afterMs = 0): void {
    if (this.isStopped) return;
    this.isStarted = true;
    this.next(afterMs);
  }

  /** @param afterMs the longest wait until the next round; an earlier round stays */
  wake(afterMs = 0): void {
    const dueAt = performance.now() + afterMs;
    if (!this.isStarted || this.isStopped || dueAt >= this.dueAt) return;
    if (this.isRunning) this.dueAt = dueAt;
    else this.next(afterMs);
  }

  /** Waits for the current round. Never rejects. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(ms: number): void {
    clearTimeout(this.timer);
    this.dueAt = performance.now() + ms;
    if (!Number.isFinite(ms)) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, ms).unref();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    this.dueAt = Number.POSITIVE_INFINITY;
    const waitMs = await this.round();
    this.isRunning = false;
    if (this.isStopped) return;
    this.next(Math.min(waitMs, Math.max(0, this.dueAt - performance.now())));
  }
}
