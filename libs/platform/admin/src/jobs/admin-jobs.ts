import { Injectable } from '@nestjs/common';
import { AuditService, operator } from '@countersign/audit';
import { Database } from '@countersign/database';
import { JobOverview, JobQueue, RecurringJobs, type JobState } from '@countersign/jobs';
import { jobError } from '../admin.errors';

/** Recurring jobs, for operators. */
@Injectable()
export class AdminJobs {
  constructor(
    private readonly database: Database,
    private readonly overview: JobOverview,
    private readonly jobs: RecurringJobs,
    private readonly queue: JobQueue,
    private readonly audit: AuditService,
  ) {}

  /** Ordered by name. */
  async list(): Promise<readonly JobState[]> {
    return this.overview.list();
  }

  /**
   * Has a job run once, on whichever replica takes it first.
   * @returns false when a run waits already: there is no second one.
   * @throws AppError job.not_found, job.not_scheduled
   */
  async run(name: string): Promise<boolean> {
    if (!this.jobs.names.includes(name)) throw jobError('job.not_found');
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const queued = await this.queue.add(tx, name);
      if (queued === 'no-queue') throw jobError('job.not_scheduled');
      await this.audit.record(tx, 'job.run_requested', { actor: operator(), subject: name });
      return queued === 'queued';
    });
  }
}
