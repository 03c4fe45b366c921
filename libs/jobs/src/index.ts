export { JobHistory } from './job-history.repository';
export { JobRunner, type RecurringJob } from './job-runner';
export { OverdueJobs } from './overdue-jobs';
export { JobsModule } from './jobs.module';
