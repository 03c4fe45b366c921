import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import PgBoss from 'pg-boss';
import { Clock, MINUTE, within } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { MAX_SKEW_MS } from '@countersign/database';
import { Logger, Metrics, SideTasks, type SideTask } from '@countersign/observability';
import { JobConnections } from './job-connections';
import { Readiness } from './readiness';
import type { RecurringJob } from './recurring-job';

const POLL_MS = 2_000;
const DRAIN_MS = 5_000;

/**
 * Runs recurring jobs from a queue in PostgreSQL. The API works without it, so it starts in the background. Connections
 * that fail or fall silent are replaced by their pool.
 */
@Injectable()
export class JobRunner implements OnApplicationShutdown {
  private jobs: readonly RecurringJob[] = [];
  private readonly connections: JobConnections;
  private boss: PgBoss | null = null;
  private readonly opening: SideTask;
  private readonly stopping = new AbortController();
  private working: readonly Promise<void>[] = [];

  constructor(
    configuration: Configuration,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly tasks: SideTasks,
    private readonly readiness: Readiness,
    private readonly clock: Clock,
  ) {
    // Each job listens while it pauses: Node warns of a leak above ten.
    setMaxListeners(0, this.stopping.signal);
    this.connections = new JobConnections(configuration, tasks);
    this.opening = tasks.loop('jobs', () => this.open());
  }

  /** Starts now, or as soon as the database is available. */
  start(jobs: readonly RecurringJob[]): void {
    this.jobs = jobs;
    this.opening.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const drained = Promise.all([this.opening.stop(), ...this.working]);
    await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })]);
    const { boss } = this;
    // With a silent database, stopping would take longer than the shutdown allows.
    if (boss) await this.tasks.attempt('jobs', () => within(DRAIN_MS, boss.stop({ graceful: false })));
    await this.connections.end();
  }

  /** Jobs run only when all of them are registered. */
  private async open(): Promise<number> {
    this.boss ??= await this.startBoss();
    const { boss } = this;
    for (const { name, cron } of this.jobs) {
      await boss.createQueue(name, { name, policy: 'short', retryLimit: 2, expireInMinutes: 30 });
      await boss.schedule(name, cron);
    }
    this.working = this.jobs.map((job) => this.work(boss, job));
    return Number.POSITIVE_INFINITY;
  }

  /** One that did not start cannot be started again. */
  private async startBoss(): Promise<PgBoss> {
    // Its own schedule blocks the event loop for 50 ms twice a minute, to find what is due.
    const boss = new PgBoss({ db: this.connections, schedule: false });
    boss.on('error', (error) => this.tasks.failed('jobs', error));
    return boss.start();
  }

  /** Not by the queue's own worker: it does not await the statement that records how a job ended. Never rejects. */
  private async work(boss: PgBoss, job: RecurringJob): Promise<void> {
    let minute: number | null = null;
    while (await this.pause())
      if (await this.readiness.mayWork())
        await this.tasks.attempt('jobs', async () => {
          // By then it is this minute at PostgreSQL too. Of those that all replicas add in a minute of its own, it takes one.
          const now = new Date(this.clock.now().getTime() - MAX_SKEW_MS);
          const current = Math.floor(now.getTime() / MINUTE);
          if (current !== minute && isDue(job.cron, now))
            await boss.insert([{ name: job.name, singletonSeconds: 60 }]);
          minute = current;
          const [found] = await boss.fetch(job.name);
          if (found) await this.run(boss, job, found.id);
        });
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
      this.metrics.jobDone({ job_name: job.name, outcome }, (performance.now() - startedAt) / 1_000);
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

/** Whether five cron fields name the minute, in UTC: each is `*`, a number, or `*` with a divisor. */
function isDue(cron: string, now: Date): boolean {
  const [, month, day, hour, minute] = now.toISOString().split(/\D/);
  const values = [minute, hour, day, month, now.getUTCDay()].map(Number);
  return cron.split(' ').every((field, index) => {
    const value = values[index] ?? Number.NaN;
    const [base, divisor] = field.split('/');
    return divisor === undefined ? base === '*' || Number(base) === value : value % Number(divisor) === 0;
  });
}
