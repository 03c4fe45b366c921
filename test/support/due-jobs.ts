import PgBoss from 'pg-boss';
import type { TestDatabase } from './test-database';
import { until } from './until';

const DONE = `
  SELECT DISTINCT name FROM (
    SELECT name, completed_on FROM pgboss.job WHERE state = 'completed'
    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'
  ) AS done WHERE completed_on > $1`;

/** The recurring jobs that are registered; none while there is no queue. */
export async function registeredJobs(database: TestDatabase): Promise<readonly string[]> {
  const [queue] = await database.query<{ isThere: boolean }>(
    `SELECT to_regclass('pgboss.schedule') IS NOT NULL AS "isThere"`,
  );
  if (!queue?.isThere) return [];
  const found = await database.query<{ name: string }>('SELECT name FROM pgboss.schedule');
  return found.map(({ name }) => name);
}

/** Makes all registered jobs due, and resolves when each of them has succeeded since. */
export async function runAllJobs(database: TestDatabase): Promise<void> {
  // Not started: it only sends.
  const queue = new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: await database.query(text, values as unknown[]) }) },
  });
  const names = await registeredJobs(database);
  const [clock] = await database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
  let waiting = names;
  while (waiting.length > 0) {
    const before = waiting;
    // Also those whose outcome was lost: they would run again when they expire.
    for (const name of before) await queue.send(name, {});
    await until(async () => {
      const done = await database.query<{ name: string }>(DONE, [clock?.now]);
      waiting = names.filter((name) => !done.some((each) => each.name === name));
      return waiting.length < before.length;
    });
  }
}
