import type { Pool } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

export function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { readonly master: Pool }).master;
}

/** Lets TypeORM lock rows outside of its own transactions. */
export function markTransaction(runner: QueryRunner, isTransactionActive: boolean): void {
  Object.assign(runner, { isTransactionActive });
}

/** Runs `then` before each statement. */
export function beforeStatements(runner: QueryRunner, then: () => void): void {
  const query = runner.query.bind(runner);
  const observed: typeof query = (...parameters: Parameters<typeof query>) => {
    then();
    return query(...parameters);
  };
  Object.assign(runner, { query: observed });
}
