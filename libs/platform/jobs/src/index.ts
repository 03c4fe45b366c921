export { JobConnections } from './job-connections';
export { JobHistory, noJobs, type JobCounts } from './job-history.repository';
export { JobOverview, type JobState } from './job-overview';
export { JobQueue } from './job-queue.repository';
export { JobRunner } from './job-runner';
export { OverdueJobs } from './overdue-jobs';
export { JobsModule } from './jobs.module';
export { Readiness } from './readiness';
export { Recurring, RecurringJobs, RunsWhenReady, type Removal } from './recurring-job';
