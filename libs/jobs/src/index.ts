export { JobRunner, type RecurringJob } from './job-runner';
export { JobsModule } from './jobs.module';
