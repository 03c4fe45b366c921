import { Module } from '@nestjs/common';
import { JobHistory } from './job-history.repository';
import { JobRunner } from './job-runner';
import { OverdueJobs } from './overdue-jobs';

@Module({ providers: [JobHistory, JobRunner, OverdueJobs], exports: [JobHistory, JobRunner, OverdueJobs] })
export class JobsModule {}
