import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpiryUpkeep } from './expiry-upkeep';
import { JobQueue } from './job-queue.repository';
import { JobRunner } from './job-runner';
import { Job } from './job.entity';
import { Readiness } from './readiness';
import { RecurringJobs } from './recurring-job';
import { SharedSettings } from './shared-settings.repository';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Job]), DiscoveryModule],
  providers: [ExpiryUpkeep, JobQueue, JobRunner, Readiness, RecurringJobs, SharedSettings],
  exports: [JobQueue, JobRunner, Readiness, RecurringJobs, SharedSettings],
})
export class JobsModule {}
