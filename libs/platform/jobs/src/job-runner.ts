import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { NoAnswer, within } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { isDatabaseAway } from '@countersign/database';
import { Logger, Metrics } from '@countersign/observability';
import { JobConnections } from './job-connections';
import { Readiness } from './readiness';
import type { RecurringJob } from './recurring-job';

const POLL_MS = 2_000;
const RETRY_MS = 5_000;
/** Shorter than the pool's timeout: the queue is replaced before its connections fail one by one. */
const ANSWER_MS = 5_000;
const DRAIN_MS = 5_000;

interface Queue {
  readonly boss: PgBoss;
  readonly connections: JobConnections;
}

/**
 * Runs recurring jobs from a queue in PostgreSQL. The API works without it, so it starts in the background.
 */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private queue: Queue | null = null;
  private retry: NodeJS.Timeout | null = null;
  private starting: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly stopping = new AbortController();
  private readonly working = new Set<Promise<void>>();
  private readonly answerMs: number;

  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
  ) {
    // Each job listens while it pauses: Node warns of a leak above ten.
    setMaxListeners(0, this.stopping.signal);
    this.answerMs = ANSWER_MS * configuration.patience;
  }

  /** Starts now, or as soon as the database is available. */
  start(jobs: readonly RecurringJob[]): void {
    process.off('unhandledRejection', this.judgeUnhandled).on('unhandledRejection', this.judgeUnhandled);
    this.starting = this.tryStart(jobs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    this.stopping.abort();
    const drained = this.starting.then(() => Promise.all(this.working));
    await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })]);
    // With a silent database, stopping would take longer than the shutdown allows.
    await Promise.race([this.stopQueue(), sleep(DRAIN_MS + 1_000, undefined, { ref: false })]);
    process.off('unhandledRejection', this.judgeUnhandled);
  }

  /**
   * The queue's own workers, such as that of its schedule, do not await the statement that records how a job
   * ended.
   */
  private readonly judgeUnhandled = (reason: unknown): void => {
    if (!isDatabaseAway(reason)) throw reason;
    this.logger.warn({ err: reason }, 'the job queue lost the database');
  };

  private async tryStart(jobs: readonly RecurringJob[]): Promise<void> {
    const onError = (error: Error): void => {
      this.logger.warn({ err: error }, 'the job queue reports an error');
    };
    const connections = new JobConnections(this.configuration, onError);
    const boss = new PgBoss({ db: connections });
    boss.on('error', onError);
    const queue = { boss, connections };
    try {
      await boss.start();
      this.queue = queue;
      for (const job of jobs) await this.register(queue, job, jobs);
    } catch (error) {
      this.logger.warn({ err: error }, 'jobs could not start; tried again soon');
      this.queue = null;
      await this.abandon(queue);
      if (!this.isStopped)
        this.retry = setTimeout(() => {
          this.start(jobs);
        }, RETRY_MS).unref();
    }
  }

  private async register(queue: Queue, job: RecurringJob, jobs: readonly RecurringJob[]): Promise<void> {
    const { boss } = queue;
    await boss.createQueue(job.name, { name: job.name, policy: 'short', retryLimit: 2, expireInMinutes: 30 });
    await boss.schedule(job.name, job.cron);
    const working = this.work(queue, job, jobs).finally(() => this.working.delete(working));
    this.working.add(working);
  }

  /**
   * Not by the queue's own worker: it does not await the statement that records how a job ended, so losing
   * the database at that moment would end the process.
   */
  private async work(queue: Queue, job: RecurringJob, jobs: readonly RecurringJob[]): Promise<void> {
    const { boss } = queue;
    while ((await this.pause()) && this.queue === queue) {
      try {
        if (!(await this.readiness.mayWork())) continue;
        const [found] = await within(this.answerMs, boss.fetch(job.name));
        if (found) await this.run(boss, job, found.id);
      } catch (error) {
        if (error instanceof NoAnswer) this.rebuild(queue, jobs);
        else this.logger.warn({ err: error, job: job.name }, 'the outcome of a job could not be recorded');
      }
    }
  }

  /**
   * Its connections are silent, while new ones may work. A job that it had taken is taken again when it
   * expires.
   */
  private rebuild(queue: Queue, jobs: readonly RecurringJob[]): void {
    if (this.queue !== queue || this.isStopped) return;
    this.logger.warn({}, 'the job queue is silent: it is made anew');
    this.queue = null;
    void this.abandon(queue);
    this.start(jobs);
  }

  private async abandon({ boss, connections }: Queue): Promise<void> {
    connections.cut();
    await boss.stop({ graceful: false, wait: false }).catch(() => undefined);
    // One that was opened since.
    connections.cut();
    await connections.end();
  }

  private async stopQueue(): Promise<void> {
    const { queue } = this;
    if (!queue) return;
    await queue.boss.stop({ graceful: true, timeout: DRAIN_MS, wait: true });
    await queue.connections.end();
  }

  private async run(boss: PgBoss, job: RecurringJob, id: string): Promise<void> {
    const startedAt = performance.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const result = await job.run();
      outcome = 'done';
      if (job.removes) this.metrics.jobRemoved(job.name, job.removes.unit, removedBy(result));
      this.logger.info({ job: job.name, result }, 'a job is done');
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'a job failed');
    } finally {
      this.metrics.jobDone(job.name, outcome, (performance.now() - startedAt) / 1_000);
    }
    const recording = outcome === 'done' ? boss.complete(job.name, id) : boss.fail(job.name, id);
    await within(this.answerMs, recording);
  }

  /** @returns false when it is over. */
  private async pause(): Promise<boolean> {
    try {
      await sleep(POLL_MS, undefined, { ref: false, signal: this.stopping.signal });
      return true;
    } catch {
      return false;
    }
  }
}

function removedBy(result: unknown): number {
  if (Array.isArray(result)) return result.length;
  if (typeof result === 'number') return result;
  throw new TypeError('a job that removes data answers how much');
}
