import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, firstRow, rows } from '@countersign/database';

/** Of all replicas; for a job that never succeeded, since it was first scheduled. */
const LAST_SUCCESSES = `
  SELECT schedule.name, schedule.created_on AS "scheduledAt", max(done.completed_on) AS "lastSucceededAt",
    extract(epoch FROM clock_timestamp() - coalesce(max(done.completed_on), schedule.created_on))::float8 AS "secondsSince"
  FROM pgboss.schedule LEFT JOIN (
    SELECT name, completed_on FROM pgboss.job WHERE state = 'completed'
    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'
  ) AS done ON done.name = schedule.name
  GROUP BY schedule.name, schedule.created_on`;

const COUNTS = 'SELECT state::text, count(*)::int FROM pgboss.job GROUP BY state';

/** The states of pg-boss, so that one without jobs counts as 0. */
const noJobs = { created: 0, retry: 0, active: 0, completed: 0, cancelled: 0, failed: 0 };

/** How a job went on all replicas. */
interface JobPast {
  readonly name: string;
  readonly scheduledAt: Date;
  readonly lastSucceededAt: Date | null;
  /** Since its last success, or since it was first scheduled. */
  readonly secondsSince: number;
}

/** The state of all replicas' jobs from pg-boss's tables. */
@Injectable()
export class JobHistory {
  constructor(private readonly database: Database) {}

  /** Seconds since the last success of each job, on any replica. @throws Error when there is no queue */
  async sinceSuccess(): Promise<Readonly<Record<string, number>>> {
    const found = await this.ofEach();
    if (!found) throw new Error('there is no queue');
    return Object.fromEntries(found.map(({ name, secondsSince }) => [name, secondsSince]));
  }

  /** Of each job that was ever scheduled. Null when there is no queue. */
  async ofEach(): Promise<readonly JobPast[] | null> {
    return this.database.read(async (manager) =>
      (await hasTable(manager, 'pgboss.archive')) ? rows<JobPast>(manager, LAST_SUCCESSES) : null,
    );
  }

  /** How many jobs are in each state. Gives up after a second. @throws Error when there is no queue */
  async countByState(): Promise<Readonly<Record<string, number>>> {
    const counts = await this.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '1s'`);
      if (!(await hasTable(tx, 'pgboss.job'))) throw new Error('there is no queue');
      return rows<{ state: string; count: number }>(tx, COUNTS);
    });
    return { ...noJobs, ...Object.fromEntries(counts.map(({ state, count }) => [state, count])) };
  }
}

/** Querying a missing table would add an error to the database's log each time. */
async function hasTable(manager: EntityManager, table: 'pgboss.archive' | 'pgboss.job'): Promise<boolean> {
  const queue = await firstRow<{ isThere: boolean }>(
    manager,
    `SELECT to_regclass('${table}') IS NOT NULL AS "isThere"`,
  );
  return queue?.isThere === true;
}
