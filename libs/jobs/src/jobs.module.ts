import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobHistory } from './job-history.repository';
import { JobRunner } from './job-runner';
import { OverdueJobs } from './overdue-jobs';
import { RecurringJobs } from './recurring-job';

@Module({
  imports: [DiscoveryModule],
  providers: [JobHistory, JobRunner, OverdueJobs, RecurringJobs],
  exports: [JobHistory, JobRunner, OverdueJobs, RecurringJobs],
})
export class JobsModule {}
