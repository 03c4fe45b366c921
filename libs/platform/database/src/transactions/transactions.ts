import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';
import { CommitTimeout, isAfterFailure, isLockTimeout, isReadOnly } from '../database.errors';
import { streamOf } from '../connections/pg-internals';
import { settingStatements, type ServerLimits } from '../connections/server-limits';
import { beforeStatements, markTransaction } from '../connections/typeorm-internals';

export interface Frame {
  readonly begin: string;
  readonly commit: string;
  /** The limit for all statements together, from the start of the transaction. */
  readonly limitMs?: number;
}

/** Shorter than the caller's own timeout. */
const COMMIT_LOCK_TIMEOUT_MS = 5_000;
/** The minimum after a wait for a lock that took all of the time. */
const MIN_STATEMENT_MS = 1_000;

/**
 * Statements fail after `lockTimeoutMs` of waiting for a lock, and `COMMIT` after five seconds: NOTIFY serialises
 * commits, and finished work should not be lost in that queue. @param limits for the duration of the transaction
 */
export function frameOf(lockTimeoutMs: number, limits: ServerLimits): Frame {
  const settings = settingStatements({ ...limits, lock_timeout: lockTimeoutMs }, 'SET LOCAL');
  // A statement timeout at COMMIT would cancel the wait for a synchronous standby, and COMMIT would still succeed.
  const commit = settingStatements(
    { lock_timeout: COMMIT_LOCK_TIMEOUT_MS, statement_timeout: 0 },
    'SET LOCAL',
  );
  return {
    // oxlint-disable-next-line core/no-restricted-syntax -- compares the two clocks
    begin: ['BEGIN', ...settings, 'SELECT clock_timestamp() AS now'].join('; '),
    commit: [...commit, 'COMMIT'].join('; '),
  };
}

const afterwards = new WeakMap<EntityManager, (() => void)[]>();

/** Runs `then` once after the commit, for effects outside of the database. Its errors undo nothing. */
export function afterCommit(tx: EntityManager, then: () => void): void {
  const known = afterwards.get(tx);
  if (known) known.push(then);
  else afterwards.set(tx, [then]);
}

const skipping = new WeakSet<EntityManager>();

/** Makes the statements of the transaction skip locked rows, so that none of them waits for another transaction. */
export function skipLocked(tx: EntityManager): EntityManager {
  skipping.add(tx);
  return tx;
}

export function waitsForLocks(tx: EntityManager): boolean {
  return !skipping.has(tx);
}

/** A statement whose lock clause ends with `skip`, so that it waits or skips as its transaction does. */
export function lockingStatement(textWith: (skip: string) => string): (tx: EntityManager) => string {
  const waiting = textWith('');
  const free = textWith('SKIP LOCKED');
  return (tx) => (waitsForLocks(tx) ? waiting : free);
}

/**
 * Runs `work` in one transaction on its own connection. `BEGIN` is pipelined with the first statement. Statements that
 * `work` starts together are pipelined too, and answered in order.
 * @param comparison runs when `BEGIN` is sent; its result receives the server's time, and rolls the transaction back by
 * throwing
 */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
  frame: Frame,
  comparison: () => (theirs: Date) => void,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    if (frame.limitMs !== undefined) limitStatements(client, runner, frame.limitMs);
    const result = await between(client, runner, frame, work, comparison);
    for (const then of afterwards.get(runner.manager) ?? []) then();
    return result;
  } finally {
    await runner.release();
  }
}

async function between<T>(
  client: PoolClient,
  runner: QueryRunner,
  { begin, commit }: Frame,
  work: (tx: EntityManager) => Promise<T>,
  comparison: () => (theirs: Date) => void,
): Promise<T> {
  const compare = comparison();
  const beginning = client.query<{ now: Date }>(begin);
  markTransaction(runner, true);
  // Nothing may run without it.
  beginning.catch(() => {
    lose(client);
  });
  const checked = beginning.then((answers) => {
    const [row] = [answers].flat().at(-1)?.rows ?? [];
    if (!row) throw new Error('BEGIN did not answer the time of the server');
    compare(row.now);
  });
  checked.catch(() => undefined);
  try {
    const [, result] = await together(checked, work(runner.manager));
    const answers = [await client.query(commit).catch(throwCommitTimeout)].flat();
    // It is answered with a rollback when an earlier statement had failed unnoticed.
    if (answers.at(-1)?.command !== 'COMMIT')
      throw Object.assign(new Error('a statement of the transaction had failed'), { code: 'commit_refused' });
    return result;
  } catch (error) {
    // After a failover the pool would reuse this connection to the former leader.
    if (isReadOnly(error)) lose(client);
    await client.query('ROLLBACK').catch(() => {
      lose(client);
    });
    throw error;
  } finally {
    markTransaction(runner, false);
  }
}

/** PostgreSQL counts `lock_timeout` anew for each lock, and a transaction may wait for several locks. */
function limitStatements(client: PoolClient, runner: QueryRunner, limitMs: number): void {
  const end = performance.now() + limitMs;
  beforeStatements(runner, () => {
    const leftMs = Math.max(MIN_STATEMENT_MS, Math.round(end - performance.now()));
    client.query(`SET LOCAL statement_timeout = ${leftMs}`).catch(() => undefined);
  });
}

function throwCommitTimeout(error: unknown): never {
  throw isLockTimeout(error) ? new CommitTimeout('waited too long to commit', { cause: error }) : error;
}

/** A connection in an unknown state must not be reused. */
function lose(client: PoolClient): void {
  streamOf(client).destroy();
}

type Answers<T extends readonly Promise<unknown>[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * Pipelines statements of one transaction, and waits for all of them, so that none runs after the end of the
 * transaction.
 * @throws the error that failed the transaction, if there is one; otherwise the first error
 */
export async function together<T extends readonly Promise<unknown>[]>(...statements: T): Promise<Answers<T>> {
  const settled = await Promise.allSettled(statements);
  for (const each of settled)
    if (each.status === 'rejected' && !isAfterFailure(each.reason)) throw each.reason;
  return await Promise.all(statements);
}
