import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Client, PoolClient } from 'pg';

/** `COMMIT` was answered by a rollback: a statement had failed, and nobody had said so. */
class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
}

/**
 * Runs `work` in one transaction of its own connection. `BEGIN` is not waited for: it goes out together with the first
 * statement. Statements that `work` starts together go out together too, and are answered in their order.
 * @param lockTimeoutMs after waiting so long for a lock a statement fails; without a limit when null
 */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
  lockTimeoutMs: number | null = null,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const begin = lockTimeoutMs === null ? 'BEGIN' : `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}`;
    return await between(client, runner, begin, work);
  } finally {
    await runner.release();
  }
}

async function between<T>(
  client: PoolClient,
  runner: QueryRunner,
  begin: string,
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
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new CommitRefused('a statement of the transaction had failed');
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

/** A connection in an unknown state is nobody's. */
function lose(client: PoolClient): void {
  (client as unknown as Client).connection.stream.destroy();
}

/** TypeORM refuses locks outside of what it knows to be a transaction. */
function mark(runner: QueryRunner, isTransactionActive: boolean): void {
  Object.assign(runner, { isTransactionActive });
}
