import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  Clock,
  Logger,
  Metrics,
  MINUTE,
  SECOND,
  type SideTask,
  SideTasks,
  within,
} from '@countersign/runtime';
import { JobQueue } from './job-queue.repository';
import { Readiness } from './readiness';
import type { RecurringJob } from './recurring-job';

const POLL_MS = 2 * SECOND;
const DRAIN_MS = 5 * SECOND;
/** A run whose replica was killed is repeated after this time. */
const LEASE_MS = 30 * MINUTE;

/** Runs recurring jobs, each on one replica. It starts in the background: the API works without it. */
@Injectable()
export class JobRunner implements BeforeApplicationShutdown {
  private jobs: readonly RecurringJob[] = [];
  private readonly taking: SideTask;
  private isScheduled = false;
  private readonly running = new Map<
    string,
    { readonly leasedUntil: Date; readonly run: Promise<unknown> }
  >();

  constructor(
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.taking = tasks.loop('jobs', () => this.takeDue(), readiness);
  }

  start(jobs: readonly RecurringJob[]): void {
    this.jobs = jobs;
    this.taking.start();
  }

  /** Releases the runs that continue after a few seconds, so that another replica repeats them at once. */
  async beforeApplicationShutdown(): Promise<void> {
    const runs = [...this.running.values()].map(({ run }) => run);
    await within(DRAIN_MS, Promise.all([this.taking.stop(), ...runs])).catch(() => undefined);
    const left = [...this.running];
    await this.tasks.attempt('jobs', () =>
      within(
        DRAIN_MS,
        Promise.all(left.map(([name, { leasedUntil }]) => this.queue.failed(name, leasedUntil))),
      ),
    );
  }

  private async takeDue(): Promise<number> {
    if (!this.isScheduled) await this.queue.schedule(this.jobs);
    this.isScheduled = true;
    const leasedUntil = new Date(this.clock.now().getTime() + LEASE_MS);
    const free = this.jobs.filter(({ name }) => !this.running.has(name));
    const due = await this.queue.take(free, leasedUntil);
    for (const job of free)
      if (due.includes(job.name)) {
        const run = this.run(job, leasedUntil).finally(() => this.running.delete(job.name));
        this.running.set(job.name, { leasedUntil, run });
      }
    return POLL_MS;
  }

  /** Never rejects. */
  private async run(job: RecurringJob, leasedUntil: Date): Promise<void> {
    const startedAt = performance.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      const result = await job.run();
      outcome = 'done';
      this.logger.info({ job: job.name, result }, 'a job is done');
    } catch (error) {
      this.logger.warn({ err: error, job: job.name }, 'a job failed');
    } finally {
      this.metrics.jobDone({ job_name: job.name, outcome }, (performance.now() - startedAt) / SECOND);
    }
    await this.tasks.attempt('jobs', () =>
      outcome === 'done'
        ? this.queue.succeeded(job.name, leasedUntil)
        : this.queue.failed(job.name, leasedUntil),
    );
  }
}
