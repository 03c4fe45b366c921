import { Injectable } from '@nestjs/common';
import { JobHistory, noJobs, type JobCounts } from './job-history.repository';
import { isOverdue } from './overdue-jobs';
import { RecurringJobs } from './recurring-job';

/** A recurring job and the outcome of its runs, on all replicas. */
export interface JobState {
  readonly name: string;
  readonly cron: string;
  /** When a replica first scheduled it; `null` when none has. */
  readonly scheduledAt: Date | null;
  /** On any replica; `null` when pg-boss stores no successful run any more. */
  readonly lastSucceededAt: Date | null;
  /** Whether three runs are missing since the last success, or since the first schedule. */
  readonly isOverdue: boolean;
  readonly counts: JobCounts;
}

/** The state of all recurring jobs. */
@Injectable()
export class JobOverview {
  constructor(
    private readonly jobs: RecurringJobs,
    private readonly history: JobHistory,
  ) {}

  /** Ordered by name. */
  async list(): Promise<readonly JobState[]> {
    const past = await this.history.ofEach();
    return this.jobs.all.map((job) => {
      const known = past.get(job.name);
      const { name, cron } = job;
      return {
        name,
        cron,
        scheduledAt: known?.scheduledAt ?? null,
        lastSucceededAt: known?.lastSucceededAt ?? null,
        isOverdue: known !== undefined && isOverdue(job, known.secondsSince),
        counts: { ...noJobs, ...known?.counts },
      };
    });
  }
}
