export { ExpiryUpkeep } from './expiry-upkeep';
export { JobQueue } from './job-queue.repository';
export { JobRunner } from './job-runner';
export { JobsModule } from './jobs.module';
export { GivesHealthHint, Readiness, RunsAtStart } from './readiness';
export { SharedSettings } from './shared-settings.repository';
export { isOverdue, Recurring, RecurringJobs, RunsWhenReady } from './recurring-job';
