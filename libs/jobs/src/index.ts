export { JobHistory } from './job-history.repository';
export { JobRunner } from './job-runner';
export { OverdueJobs } from './overdue-jobs';
export { JobsModule } from './jobs.module';
export { Recurring, RecurringJobs, type Removal } from './recurring-job';
