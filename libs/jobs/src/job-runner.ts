import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { Configuration } from '@countersign/config';
import { isDatabaseAway } from '@countersign/database';
import { Logger, Metrics } from '@countersign/observability';

/** Work that recurs, on one replica at a time. It may run twice, so it must not matter. */
export interface RecurringJob {
  /** Letters, digits, dashes. */
  readonly name: string;
  /** Five fields, UTC. */
  readonly cron: string;
  run(): Promise<unknown>;
}

const CONNECTIONS = 2;
const POLL_MS = 2_000;
const RETRY_MS = 5_000;
const DRAIN_MS = 5_000;

/** Runs recurring jobs from a queue in PostgreSQL. The API answers without it, so it starts in the background. */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private boss: PgBoss | null = null;
  private retry: NodeJS.Timeout | null = null;
  private starting: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly stopping = new AbortController();
  private readonly working = new Set<Promise<void>>();

  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** Starts now, or as soon as the database lets it. */
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
    // Its connections have no time limit of their own: a silent database would keep it for ever.
    await Promise.race([
      this.boss?.stop({ graceful: true, timeout: DRAIN_MS, wait: true }),
      sleep(DRAIN_MS + 1_000, undefined, { ref: false }),
    ]);
    process.off('unhandledRejection', this.judgeUnhandled);
  }

  /** The queue's own workers, such as that of its schedule, do not wait for the answer when they say how a job ended. */
  private readonly judgeUnhandled = (reason: unknown): void => {
    if (!isDatabaseAway(reason)) throw reason;
    this.logger.warn({ err: reason }, 'the job queue lost the database');
  };

  private async tryStart(jobs: readonly RecurringJob[]): Promise<void> {
    const boss = new PgBoss({
      connectionString: this.configuration.databaseUrl,
      application_name: 'countersign-jobs',
      max: CONNECTIONS,
    });
    boss.on('error', (error) => {
      this.logger.warn({ err: error }, 'the job queue reports an error');
    });
    try {
      await boss.start();
      this.boss = boss;
      for (const job of jobs) await this.register(boss, job);
    } catch (error) {
      this.logger.warn({ err: error }, 'jobs could not start; tried again soon');
      await boss.stop({ graceful: false, wait: false }).catch(() => undefined);
      this.boss = null;
      if (!this.isStopped)
        this.retry = setTimeout(() => {
          this.start(jobs);
        }, RETRY_MS).unref();
    }
  }

  private async register(boss: PgBoss, job: RecurringJob): Promise<void> {
    await boss.createQueue(job.name, { name: job.name, policy: 'short', retryLimit: 2, expireInMinutes: 30 });
    await boss.schedule(job.name, job.cron);
    const working = this.work(boss, job).finally(() => this.working.delete(working));
    this.working.add(working);
  }

  /**
   * Not by the queue's own worker: it does not wait for the answer when it says how a job ended, so that a database which goes
   * away at that moment would end the process.
   */
  private async work(boss: PgBoss, job: RecurringJob): Promise<void> {
    while ((await this.pause()) && this.boss === boss) {
      try {
        const [found] = await boss.fetch(job.name);
        if (found) await this.run(boss, job, found.id);
      } catch (error) {
        this.logger.warn({ err: error, job: job.name }, 'how a job ended could not be told');
      }
    }
  }

  private async run(boss: PgBoss, job: RecurringJob, id: string): Promise<void> {
    const startedAt = performance.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const result = await job.run();
      outcome = 'done';
      this.logger.info({ job: job.name, result }, 'a job is done');
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'a job failed');
    } finally {
      this.metrics.jobDone(job.name, outcome, (performance.now() - startedAt) / 1_000);
    }
    await (outcome === 'done' ? boss.complete(job.name, id) : boss.fail(job.name, id));
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
