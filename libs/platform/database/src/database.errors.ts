import { AppError, defineErrors, refusals } from '@countersign/text';

const databaseError = defineErrors(
  refusals('unavailable', {
    'service.unavailable':
      'The service cannot use its database. Try again after the number of seconds in `Retry-After`.',
    'service.key_missing':
      'This replica lacks a key of the ring. Try again. An operator gives the replica the ring with the key, and sends SIGHUP.',
  }),
);

/**
 * SQLSTATEs for "not now": connection, resources, a full notification queue, shutdown, read-only during a failover, a
 * table or column before its migration, and the server's limits on statements and idle transactions.
 */
const AWAY = /^(08...|53...|54000|57014|57P0[1-5]|25006|25P03|42P01|42703|58...|XX000)$/;
const AWAY_NODE =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_MESSAGE =
  /connection terminated|timeout expired|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|not queryable|connection ended|driver not connected|already released/i;

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly routine?: string;
  readonly driverError?: DriverError;
}

function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as DriverError;
  return driverError?.code ?? code ?? '';
}

/** Whether the database is unreachable. Otherwise the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (AWAY.test(code) || AWAY_NODE.test(code)) return true;
  return code === '' && AWAY_MESSAGE.test((error as DriverError | null)?.message ?? '');
}

/** Whether a retry may succeed: after a deadlock, a serialisation failure, or a lost race on a key. */
export function isWorthRepeating(error: unknown): boolean {
  return /^(40001|40P01)$/.test(codeOf(error)) || error instanceof LostRace;
}

export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** Whether a statement failed only because an earlier one had failed the transaction. */
export function isAfterFailure(error: unknown): boolean {
  return codeOf(error) === '25P02';
}

/** The queue of commits was too long. Nothing was committed. */
export class CommitTimeout extends Error {
  override readonly name = 'CommitTimeout';
}

/** The database has the schema of another build. The message is for an operator. */
export class EarlierBuildError extends Error {
  override readonly name = 'EarlierBuildError';
}

/** Whether a row had no partition, because the partition was dropped. */
export function isPartitionMissing(error: unknown): boolean {
  const { routine, driverError } = (error ?? {}) as DriverError;
  return (driverError?.routine ?? routine) === 'ExecFindPartition';
}

export function isForeignKeyViolation(error: unknown): boolean {
  return codeOf(error) === '23503';
}

export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Whether the database is unreachable, or a lock was not released in time. */
export function isServiceUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.code === 'service.unavailable';
}

/** Whether the server is read-only: a standby, or a former leader. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

export function unavailable(cause: unknown): AppError {
  return databaseError('service.unavailable', { retryAfterSeconds: 2, cause });
}

export function keyMissing(cause: unknown): AppError {
  return databaseError('service.key_missing', { retryAfterSeconds: 2, cause });
}

const sentences: Record<string, string> = {
  '28P01': 'The database refuses the user or password of DATABASE_URL.',
  '28000': 'The database refuses the user or password of DATABASE_URL.',
  '3D000': 'The database that DATABASE_URL names does not exist: create it first.',
  '42501': 'The role of DATABASE_URL may not do this: let it own the database.',
  '55P03':
    'Another transaction, such as a backup, holds a table that has to be changed: try again when it has ended.',
  '57014': 'The database took too long for a statement, or the statement was cancelled: try again later.',
  '42P01': 'The database schema is behind: run `countersign migrate`.',
  '42703': 'The database schema is behind: run `countersign migrate`.',
};

/** A sentence about the failure for an operator; null when an operator cannot fix it. */
export function describeDatabaseFailure(error: unknown): string | null {
  if (error instanceof EarlierBuildError) return error.message;
  const sentence = sentences[codeOf(error)];
  if (sentence) return sentence;
  return isDatabaseAway(error)
    ? 'The database cannot be reached: check DATABASE_URL, and that PostgreSQL runs (the private one does while `npm start` runs).'
    : null;
}

/** Thrown inside a transaction after a race that a retry resolves. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}
