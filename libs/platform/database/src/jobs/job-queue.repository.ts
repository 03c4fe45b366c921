import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThanOrEqual, MoreThan, Or, type EntityManager } from 'typeorm';
import { Clock, SECOND } from '@countersign/runtime';
import { Database } from '../database';
import { nextRun } from './cron';
import { Job } from './job.entity';
import type { JobSchedule } from './recurring-job';

type QueuedRun = 'queued' | 'queued-before' | 'no-queue';

/** A failed run is repeated this often before the schedule decides. */
const RETRIES = 2;

const AT_ONCE = new Date(0);

@Injectable()
export class JobQueue {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A known job keeps its past and its next run. */
  async schedule(jobs: readonly JobSchedule[]): Promise<void> {
    const scheduledAt = this.clock.now();
    const added = jobs.map(({ name, cron }) => ({ name, scheduledAt, dueAt: nextRun(cron, scheduledAt) }));
    await this.database.transaction((tx) =>
      tx.createQueryBuilder().insert().into(Job).values(added).orIgnore().execute(),
    );
  }

  /** Takes due jobs that no other replica runs. @returns the names of the jobs, each leased until the given instant */
  async take(jobs: readonly JobSchedule[], leasedUntil: Date): Promise<readonly string[]> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const isDue = {
        name: In(jobs.map(({ name }) => name)),
        dueAt: LessThanOrEqual(now),
        leasedUntil: Or(IsNull(), LessThanOrEqual(now)),
      };
      const lock = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;
      const due = (await tx.find(Job, { where: isDue, lock })).map(({ name }) => name);
      for (const { name, cron } of jobs)
        if (due.includes(name)) await tx.update(Job, name, { leasedUntil, dueAt: nextRun(cron, now) });
      return due;
    });
  }

  async succeeded(name: string, leasedUntil: Date): Promise<void> {
    const succeededAt = this.clock.now();
    await this.database.transaction(async (tx) => {
      await tx.update(Job, name, { succeededAt, failures: 0 });
      await tx.update(Job, { name, leasedUntil }, { leasedUntil: null });
    });
  }

  /** The job is due again at once, at most twice in a row. */
  async failed(name: string, leasedUntil: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const again = { name, leasedUntil, failures: LessThanOrEqual(RETRIES - 1) };
      const { affected } = await tx.update(Job, again, {
        failures: () => 'failures + 1',
        leasedUntil: null,
        dueAt: AT_ONCE,
      });
      if (affected === 0) await tx.update(Job, { name, leasedUntil }, { failures: 0, leasedUntil: null });
    });
  }

  /** Queues one run beside the schedule, unless a run already waits. It begins after the commit. */
  async add(tx: EntityManager, name: string): Promise<QueuedRun> {
    const waiting = { name, dueAt: MoreThan(this.clock.now()) };
    const { affected } = await tx.update(Job, waiting, { dueAt: AT_ONCE });
    if (affected === 1) return 'queued';
    return (await tx.existsBy(Job, { name })) ? 'queued-before' : 'no-queue';
  }

  async pastOfEach(): Promise<readonly Job[]> {
    return this.database.read((manager) => manager.find(Job));
  }

  /** Seconds since the last success of a job on any replica, or since it was first scheduled. */
  secondsSince({ scheduledAt, succeededAt }: Job): number {
    return (this.clock.now().getTime() - (succeededAt ?? scheduledAt).getTime()) / SECOND;
  }

  async sinceSuccess(): Promise<Readonly<Record<string, number>>> {
    const jobs = await this.pastOfEach();
    return Object.fromEntries(jobs.map((job) => [job.name, this.secondsSince(job)]));
  }
}
