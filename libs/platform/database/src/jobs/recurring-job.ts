import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/runtime';

/** A run may be late or fail. This number of missing runs is a fault. */
const MISSING_RUNS = 3;

export interface JobSchedule {
  /** Letters, digits, dashes. */
  readonly name: string;
  /** Five fields, UTC. */
  readonly cron: string;
  /** The interval of `cron`. Without it, the job is never overdue. */
  readonly everyMinutes?: number;
  /** The deleted data and their retention, for the table in docs/reference.md. */
  readonly removes?: Readonly<Record<string, string>>;
}

interface Work {
  run(): Promise<unknown>;
}

/** Recurring work, on one replica at a time. It may run twice, so it must be idempotent. */
export interface RecurringJob extends JobSchedule, Work {}

/** The schedule calls `run` of the provider. */
export const Recurring = extensionPoint<Work, JobSchedule>();

/** If `JOBS` is on, the provider's `start` is called when the process is ready. */
export const RunsWhenReady = extensionPoint<{ start(): void }>();

/** @param seconds since the last success */
export function isOverdue(
  { everyMinutes = Number.POSITIVE_INFINITY }: Pick<JobSchedule, 'everyMinutes'>,
  seconds: number,
): boolean {
  return seconds > MISSING_RUNS * everyMinutes * 60;
}

@Injectable()
export class RecurringJobs {
  private readonly scheduled;

  constructor(discovery: DiscoveryService) {
    this.scheduled = Recurring.in(discovery);
  }

  /** Ordered by name. */
  get all(): readonly RecurringJob[] {
    const jobs = this.scheduled.declared.map((job) => ({
      ...job.declaration,
      run: () => job.provider.run(),
    }));
    return jobs.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  get names(): readonly string[] {
    return this.all.map(({ name }) => name);
  }
}
