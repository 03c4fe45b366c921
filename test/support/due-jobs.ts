import PgBoss from 'pg-boss';
import type { TestDatabase } from './test-database';
import { until } from './until';

const DONE = `
  SELECT DISTINCT name FROM (
    SELECT name, completed_on FROM pgboss.job WHERE state = 'completed'
    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'
  ) AS done WHERE completed_on > $1`;

/** The recurring jobs of a service. They are made due and looked at on a way of their own to its database. */
export class DueJobs {
  private since = '-infinity';
  /** Not started: it only sends. */
  private readonly queue: PgBoss;

  constructor(private readonly database: TestDatabase) {
    this.queue = new PgBoss({
      db: { executeSql: async (text, values) => ({ rows: await database.query(text, values) }) },
    });
  }

  /** Those that are registered; none while there is no queue. */
  async registered(): Promise<readonly string[]> {
    const [queue] = await this.database.query<{ isThere: boolean }>(
      `SELECT to_regclass('pgboss.schedule') IS NOT NULL AS "isThere"`,
    );
    if (!queue?.isThere) return [];
    const found = await this.database.query<{ name: string }>('SELECT name FROM pgboss.schedule');
    return found.map(({ name }) => name);
  }

  async makeAllDue(): Promise<void> {
    const [clock] = await this.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    this.since = clock?.now ?? this.since;
    for (const name of await this.registered()) await this.queue.send(name, {});
  }

  /** Resolves when each of them has succeeded since they were made due. */
  async untilAllRan(): Promise<void> {
    for (let waiting = await this.waiting(); waiting.length > 0;) {
      const before = waiting.length;
      // One whose outcome was lost would run again when it expires.
      for (const name of waiting) await this.queue.send(name, {});
      await until(async () => (waiting = await this.waiting()).length < before);
    }
  }

  private async waiting(): Promise<readonly string[]> {
    const names = await this.registered();
    if (names.length === 0) return [];
    const done = await this.database.query<{ name: string }>(DONE, [this.since]);
    return names.filter((name) => !done.some((each) => each.name === name));
  }
}
