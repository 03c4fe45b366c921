export { JobRunner, type RecurringJob } from './job-runner';
export { OverdueJobs } from './overdue-jobs';
export { JobsModule } from './jobs.module';
