import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';

/** `COMMIT` was answered by a rollback: a statement had failed, and nobody had said so. */
class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
}

/**
 * Runs `work` in one transaction of its own connection. `BEGIN` is not waited for: it goes out together with the first
 * statement. Statements that `work` starts together go out together too, and are answered in their order.
 */
export async function runInTransaction<T>(
  dataSource: DataSource,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    return await between(client, runner, work);
  } finally {
    await runner.release();
  }
}

async function between<T>(
  client: PoolClient,
  runner: QueryRunner,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  const begun = client.query('BEGIN');
  mark(runner, true);
  // Whatever follows it on a connection that is lost fails as well.
  begun.catch(() => undefined);
  try {
    const result = await work(runner.manager);
    await begun;
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT') throw new CommitRefused('a statement of the transaction had failed');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    mark(runner, false);
  }
}

/** TypeORM refuses locks outside of what it knows to be a transaction. */
function mark(runner: QueryRunner, isTransactionActive: boolean): void {
  Object.assign(runner, { isTransactionActive });
}
