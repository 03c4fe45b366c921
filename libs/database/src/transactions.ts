import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Client, PoolClient } from 'pg';
import { CommitTimeout, isLockTimeout } from './database.errors';

/** `COMMIT` was answered by a rollback: a statement had failed, and nobody had said so. */
class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
}

/**
 * Runs `work` in one transaction of its own connection. `BEGIN` is not waited for: it goes out together with the first
 * statement. Statements that `work` starts together go out together too, and are answered in their order.
 * @param lockTimeoutMs after waiting so long for a lock a statement fails, `COMMIT` after five seconds; without a limit when null
 * @throws CommitTimeout
 */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
  lockTimeoutMs: number | null = null,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    return await between(client, runner, frameOf(lockTimeoutMs), work);
  } finally {
    await runner.release();
  }
}

/** Shorter than whoever waits for the answer listens. */
const COMMIT_LOCK_TIMEOUT_MS = 5_000;

interface Frame {
  readonly begin: string;
  readonly commit: string;
}

/** All commits that notify wait for one another in PostgreSQL: in that queue nobody loses what was done in a hurry. */
function frameOf(lockTimeoutMs: number | null): Frame {
  return lockTimeoutMs === null
    ? { begin: 'BEGIN', commit: 'COMMIT' }
    : {
        begin: `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}`,
        commit: `SET LOCAL lock_timeout = ${COMMIT_LOCK_TIMEOUT_MS}; COMMIT`,
      };
}

async function between<T>(
  client: PoolClient,
  runner: QueryRunner,
  { begin, commit }: Frame,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  const begun = client.query(begin);
  mark(runner, true);
  // What follows it must not happen without it.
  begun.catch(() => {
    lose(client);
  });
  try {
    const result = await work(runner.manager);
    await begun;
    const answers = [await client.query(commit).catch(throwCommitTimeout)].flat();
    if (answers.at(-1)?.command !== 'COMMIT')
      throw new CommitRefused('a statement of the transaction had failed');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {
      lose(client);
    });
    throw error;
  } finally {
    mark(runner, false);
  }
}

function throwCommitTimeout(error: unknown): never {
  throw isLockTimeout(error) ? new CommitTimeout({ cause: error }) : error;
}

/** A connection in an unknown state is nobody's. */
function lose(client: PoolClient): void {
  (client as unknown as Client).connection.stream.destroy();
}

/** TypeORM refuses locks outside of what it knows to be a transaction. */
function mark(runner: QueryRunner, isTransactionActive: boolean): void {
  Object.assign(runner, { isTransactionActive });
}
