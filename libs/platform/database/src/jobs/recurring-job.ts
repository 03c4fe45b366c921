import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/runtime';

/** A run may be late or fail; this many missing runs are a fault. */
const MISSING_RUNS = 3;

export interface JobSchedule {
  /** Letters, digits, dashes. */
  readonly name: string;
  /** Five fields, UTC. */
  readonly cron: string;
  /** How often that is; without it the job is never overdue. */
  readonly everyMinutes?: number;
  /** What it deletes, and how long that is stored, as the table in docs/reference.md says. */
  readonly removes?: Readonly<Record<string, string>>;
}

interface Work {
  run(): Promise<unknown>;
}

/** Recurring work, on one replica at a time. It may run twice, so it must be idempotent. */
export interface RecurringJob extends JobSchedule, Work {}

/** Makes a recurring job of a provider: its `run` is called by the schedule. */
export const Recurring = extensionPoint<Work, JobSchedule>();

/** Makes a worker of a provider: where `JOBS` is on, the root calls its `start` when the process is ready to. */
export const RunsWhenReady = extensionPoint<{ start(): void }>();

/** @param seconds since its last success */
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

  /** Call it after all modules are initialised. Ordered by name. */
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
