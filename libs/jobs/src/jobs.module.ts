import { Module } from '@nestjs/common';
import { JobRunner } from './job-runner';
import { OverdueJobs } from './overdue-jobs';

@Module({ providers: [JobRunner, OverdueJobs], exports: [JobRunner, OverdueJobs] })
export class JobsModule {}
