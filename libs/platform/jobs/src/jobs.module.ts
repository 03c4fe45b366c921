import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ExpiryUpkeep } from './expiry-upkeep';
import { JobHistory } from './job-history.repository';
import { JobQueue } from './job-queue.repository';
import { JobRunner } from './job-runner';
import { Readiness } from './readiness';
import { RecurringJobs } from './recurring-job';

@Module({
  imports: [DiscoveryModule],
  providers: [ExpiryUpkeep, JobHistory, JobQueue, JobRunner, Readiness, RecurringJobs],
  exports: [JobHistory, JobQueue, JobRunner, Readiness, RecurringJobs],
})
export class JobsModule {}
