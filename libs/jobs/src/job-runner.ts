import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { Configuration } from '@countersign/config';
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
const RETRY_MS = 5_000;
const DRAIN_MS = 5_000;

/** Runs recurring jobs from a queue in PostgreSQL. The API answers without it, so it starts in the background. */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private boss: PgBoss | null = null;
  private retry: NodeJS.Timeout | null = null;
  private starting: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
  ) {}

  /** Starts now, or as soon as the database lets it. */
  start(jobs: readonly RecurringJob[]): void {
    this.starting = this.tryStart(jobs);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.starting;
    // Its connections have no time limit of their own: a silent database would keep it for ever.
    await Promise.race([
      this.boss?.stop({ graceful: true, timeout: DRAIN_MS, wait: true }),
      sleep(DRAIN_MS + 1_000, undefined, { ref: false }),
    ]);
  }

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
    await boss.work(job.name, async () => {
      const startedAt = performance.now();
      let outcome: 'done' | 'failed' = 'failed';
      try {
        const result = await job.run();
        outcome = 'done';
        this.logger.info({ job: job.name, result }, 'a job is done');
      } finally {
        this.metrics.jobDone(job.name, outcome, (performance.now() - startedAt) / 1_000);
      }
    });
  }
}
