import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { Database, isOverdue, JobQueue, RecurringJobs } from '@countersign/database';
import { toResponse } from '@countersign/http';
import { jobError } from '../admin.errors';
import { JobResponse } from '../dto/job.response';
import { adminEvents } from '../admin.feature';

@Injectable()
export class AdminJobs {
  constructor(
    private readonly database: Database,
    private readonly jobs: RecurringJobs,
    private readonly queue: JobQueue,
    private readonly audit: AuditService,
  ) {}

  async list(): Promise<JobResponse[]> {
    const past = await this.queue.pastOfEach();
    return this.jobs.all.map((job) => {
      const { name, cron } = job;
      const known = past.find((one) => one.name === name);
      return toResponse(JobResponse, {
        name,
        cron,
        scheduledAt: known?.scheduledAt ?? null,
        lastSucceededAt: known?.succeededAt ?? null,
        isOverdue: known !== undefined && isOverdue(job, this.queue.secondsSince(known)),
      });
    });
  }

  /** Queues one run of a job, for whichever replica takes it first. @returns false when a run already waits */
  async run(name: string): Promise<boolean> {
    if (!this.jobs.names.includes(name)) throw jobError('job.not_found');
    return this.database.transaction(async (tx) => {
      const queued = await this.queue.add(tx, name);
      if (queued === 'no-queue') throw jobError('job.not_scheduled');
      await this.audit.recordByOperator(tx, adminEvents.jobRunRequested, { subject: name });
      return queued === 'queued';
    });
  }
}
