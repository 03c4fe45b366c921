import { defineErrors, type AppError } from '@countersign/errors';

export const databaseError = defineErrors({
  'service.unavailable': {
    kind: 'unavailable',
    title: 'The service cannot reach its database',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
});

/**
 * SQLSTATE classes and codes that say "not now": connection, resources, shutdown, read-only during a failover, and a
 * table or column that the migration has not made yet.
 */
const AWAY = /^(08...|53...|57P0[1-5]|25006|42P01|42703|58...|XX000)$/;
const AWAY_NODE =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const AWAY_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|not queryable|connection ended|driver not connected/i;

interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly driverError?: DriverError;
}

function codeOf(error: unknown): string {
  const { code, driverError } = (error ?? {}) as DriverError;
  return driverError?.code ?? code ?? '';
}

/** Whether the failure says that the database is away, rather than that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (AWAY.test(code) || AWAY_NODE.test(code)) return true;
  return code === '' && AWAY_MESSAGE.test((error as DriverError | null)?.message ?? '');
}

/** Whether the whole transaction may succeed when it is run again: deadlock, serialisation, or a lost race on a key. */
export function isWorthRepeating(error: unknown): boolean {
  return /^(40001|40P01)$/.test(codeOf(error)) || error instanceof LostRace;
}

export function isForeignKeyViolation(error: unknown): boolean {
  return codeOf(error) === '23503';
}

export function unavailable(cause: unknown): AppError {
  return databaseError('service.unavailable', { retryAfterSeconds: 2, cause });
}

/** Thrown inside a transaction that lost a race in a way that a second run will see. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}
