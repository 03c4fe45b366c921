import { Injectable } from '@nestjs/common';
import { JobHistory, noJobs, type JobCounts } from './job-history.repository';
import { isOverdue } from './overdue-jobs';
import { RecurringJobs } from './recurring-job';

/** A recurring job, and how it went on all replicas. */
export interface JobState {
  readonly name: string;
  readonly cron: string;
  /** When a replica first scheduled it; `null` when none has. */
  readonly scheduledAt: Date | null;
  /** As far back as the queue remembers. */
  readonly lastSucceededAt: Date | null;
  /** Three runs are missing. */
  readonly isOverdue: boolean;
  readonly counts: JobCounts;
}

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
