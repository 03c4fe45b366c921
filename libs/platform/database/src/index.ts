export { ClocksDifferError, ClockSkew } from './clock/clock-skew';
export { BLIND_INDEX, columns, columnsOf, type RowOf } from './columns/columns';
export { newRow } from './columns/new-row';
export { Database } from './database';
export { BatchedDeletions, ExpiredRows, Expires } from './statements/expired-rows.repository';
export { AgreedClock, DatabaseClock } from './clock/database-clock';
export {
  describeDatabaseFailure,
  isDatabaseAway,
  isForeignKeyViolation,
  isUniqueViolation,
  LostRace,
  keyMissing,
  unavailable,
} from './database.errors';
export { DatabaseModule } from './database.module';
export { DayPartitions } from './statements/day-partitions';
export { Personal, PublicCopy, Secret } from './columns/declared-columns';
export { NotTogether, type Outcome } from './transactions/group-commit';
export { insertIfNew } from './statements/insert-if-new';
export { OLDEST_OPEN } from './transactions/oldest-open';
export { OneAtATime } from './transactions/one-at-a-time';
export { insertJsonRows, jsonRows, type JsonRow } from './statements/json-rows';
export { Notifications } from './notifications/notifications';
export { NotifiedCache } from './notifications/notified-cache';
export { CALLS_WITHOUT_ACT, type CallWithoutAct } from './migrations/first-schema/wallets.sql';
export { streamOf } from './connections/pg-internals';
export { poolSettings } from './connections/pool';
export { poolOf } from './connections/typeorm-internals';
export {
  dropUnused,
  KeysInCustodyError,
  migrate,
  MIGRATE_COMMAND,
  Schema,
  UnusedTablesError,
} from './schema';
export { newestFirst, newestOf } from './statements/newest-first';
export { firstRow, hasTable, rows } from './statements/sql';
export { locked, lockRow, lockRows, type Locked } from './transactions/locked';
export {
  afterCommit,
  lockingStatement,
  skipLocked,
  together,
  waitsForLocks,
} from './transactions/transactions';
export { ExpiryUpkeep } from './jobs/expiry-upkeep';
export { JobQueue } from './jobs/job-queue.repository';
export { JobRunner } from './jobs/job-runner';
export { JobsModule } from './jobs/jobs.module';
export { GivesHealthHint, Readiness, RunsAtStart } from './jobs/readiness';
export { SharedSettings } from './jobs/shared-settings.repository';
export { isOverdue, Recurring, RecurringJobs, RunsWhenReady } from './jobs/recurring-job';
export { OneTimeTokens, type OneTimeKind } from './one-time-tokens/one-time-tokens';
export { OneTimeTokensModule } from './one-time-tokens/one-time-tokens.module';
