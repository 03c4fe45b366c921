import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExpiryUpkeep } from './expiry-upkeep';
import { JobHistory } from './job-history.repository';
import { JobQueue } from './job-queue.repository';
import { JobRunner } from './job-runner';
import { OverdueJobs } from './overdue-jobs';
import { Readiness } from './readiness';
import { RecurringJobs } from './recurring-job';

@Module({
  imports: [DiscoveryModule],
  providers: [ExpiryUpkeep, JobHistory, JobQueue, JobRunner, OverdueJobs, Readiness, RecurringJobs],
  exports: [JobHistory, JobQueue, JobRunner, OverdueJobs, Readiness, RecurringJobs],
})
export class JobsModule {}
