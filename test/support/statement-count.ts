import { DataSource } from 'typeorm';
import { poolOf } from '@countersign/database';
import type { TestApp } from './test-app';

interface Queryable {
  query(...parameters: unknown[]): unknown;
}

interface PoolLike {
  connect(callback: (error: Error | undefined, client: Queryable, release: unknown) => void): void;
}

/** Runs `work` and answers the statements that the application's pool sent meanwhile, without the transaction frame. */
export async function statementsOf(app: TestApp, work: () => Promise<unknown>): Promise<readonly string[]> {
  // The timer would, at any moment of it.
  await app.flushSlides();
  const pool = poolOf(app.nest.get(DataSource)) as PoolLike;
  const seen: string[] = [];
  const connect = pool.connect.bind(pool);
  const restore: (() => void)[] = [];
  pool.connect = (callback) => {
    connect((error, client, release) => {
      if (!error && !Object.hasOwn(client, 'query')) {
        const query = client.query.bind(client);
        client.query = (...parameters: unknown[]) => {
          const [first] = parameters;
          seen.push(typeof first === 'string' ? first : (first as { text: string }).text);
          return query(...parameters);
        };
        restore.push(() => Reflect.deleteProperty(client, 'query'));
      }
      callback(error, client, release);
    });
  };
  try {
    await work();
  } finally {
    pool.connect = connect;
    for (const undo of restore) undo();
  }
  // The gauge of webhooks asks at any moment.
  const isGauge = (statement: string): boolean => statement.includes('FROM webhook_endpoints AS endpoint');
  return seen.filter(
    (statement) =>
      !isGauge(statement) &&
      !/^(START TRANSACTION|BEGIN|COMMIT|ROLLBACK|(?:SET LOCAL [^;]*; )+COMMIT)/.test(statement),
  );
}
