export { BLIND_INDEX } from './blind-index.columns';
export { ClocksDifferError } from './clock-skew';
export { columns, type Columns, type RowOf } from './columns';
export { ConnectionLimits } from './connection-limits';
export { Database } from './database';
export { BatchedDeletions } from './batched-deletions';
export { AgreedClock, DatabaseClock } from './database-clock';
export {
  describeDatabaseFailure,
  isDatabaseAway,
  isForeignKeyViolation,
  isUniqueViolation,
  LostRace,
  unavailable,
} from './database.errors';
export { DatabaseModule } from './database.module';
export { DayPartitions } from './day-partitions';
export {
  Personal,
  personalColumnsOf,
  publicCopiesOf,
  PublicCopy,
  Secret,
  secretColumnsOf,
  type Audience,
  type DeclaredColumn,
  type PersonalData,
  type PublicData,
  type SecretData,
} from './declared-columns';
export { NotTogether, type Outcome } from './group-commit';
export { insertIfNew } from './insert-if-new';
export { OLDEST_OPEN } from './oldest-open';
export { OneAtATime } from './one-at-a-time';
export { insertJsonRows, jsonRows, restoreJsonRows, type JsonRow } from './json-rows';
export { migrations } from './migrations';
export { Notifications } from './notifications';
export { NotifiedCache, type Entry } from './notified-cache';
export { sidePoolSettings } from './pool';
export { migrate, MIGRATE_COMMAND, Schema } from './schema';
export { firstRow, rows } from './sql';
export { together } from './together';
export { afterCommit } from './transactions';
