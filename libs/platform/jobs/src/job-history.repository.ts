import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, firstRow, rows } from '@countersign/database';

/** Of all replicas; for a job that never succeeded, since it was first scheduled. */
const LAST_SUCCESSES = `
  SELECT schedule.name, schedule.created_on AS "scheduledAt", max(done.completed_on) AS "lastSucceededAt",
    extract(epoch FROM clock_timestamp() - coalesce(max(done.completed_on), schedule.created_on))::float8 AS seconds
  FROM pgboss.schedule LEFT JOIN (
    SELECT name, completed_on FROM pgboss.job WHERE state = 'completed'
    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'
  ) AS done ON done.name = schedule.name
  GROUP BY schedule.name, schedule.created_on`;

const COUNTS = 'SELECT state::text, count(*)::int FROM pgboss.job GROUP BY state';
const COUNTS_OF_EACH = 'SELECT name, state::text, count(*)::int FROM pgboss.job GROUP BY name, state';

/** The states of pg-boss, so that one without jobs counts as 0. */
export const noJobs = { created: 0, retry: 0, active: 0, completed: 0, cancelled: 0, failed: 0 };
export type JobCounts = Readonly<Record<keyof typeof noJobs, number>>;

interface Success {
  readonly name: string;
  readonly scheduledAt: Date;
  readonly lastSucceededAt: Date | null;
  readonly seconds: number;
}

/** How a job went on all replicas. */
interface JobPast {
  readonly scheduledAt: Date;
  readonly lastSucceededAt: Date | null;
  /** Since its last success, or since it was first scheduled. */
  readonly secondsSince: number;
  readonly counts: Partial<JobCounts>;
}

/** The state of all replicas' jobs from pg-boss's tables. */
@Injectable()
export class JobHistory {
  constructor(private readonly database: Database) {}

  /** Seconds since the last success of each job, on any replica. @throws Error when there is no queue */
  async sinceSuccess(): Promise<Readonly<Record<string, number>>> {
    const found = await this.database.read(async (manager) => {
      await assertTable(manager, 'pgboss.archive');
      return rows<Success>(manager, LAST_SUCCESSES);
    });
    return Object.fromEntries(found.map(({ name, seconds }) => [name, seconds]));
  }

  /** Of each job that was ever scheduled, by name. Empty when there is no queue. */
  async ofEach(): Promise<ReadonlyMap<string, JobPast>> {
    return this.database.read(async (manager) => {
      if (!(await hasTable(manager, 'pgboss.archive'))) return new Map();
      const counts = await rows<{ name: string; state: string; count: number }>(manager, COUNTS_OF_EACH);
      const found = await rows<Success>(manager, LAST_SUCCESSES);
      return new Map(
        found.map(({ name, scheduledAt, lastSucceededAt, seconds }) => {
          const own = counts.filter((one) => one.name === name).map(({ state, count }) => [state, count]);
          const past = { scheduledAt, lastSucceededAt, secondsSince: seconds };
          return [name, { ...past, counts: Object.fromEntries(own) as Partial<JobCounts> }];
        }),
      );
    });
  }

  /** How many jobs are in each state. Gives up after a second. @throws Error when there is no queue */
  async countByState(): Promise<Readonly<Record<string, number>>> {
    const counts = await this.database.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '1s'`);
      await assertTable(tx, 'pgboss.job');
      return rows<{ state: string; count: number }>(tx, COUNTS);
    });
    return { ...noJobs, ...Object.fromEntries(counts.map(({ state, count }) => [state, count])) };
  }
}

type QueueTable = 'pgboss.archive' | 'pgboss.job';

async function assertTable(manager: EntityManager, table: QueueTable): Promise<void> {
  if (!(await hasTable(manager, table))) throw new Error('there is no queue');
}

/** Querying a missing table would add an error to the database's log each time. */
async function hasTable(manager: EntityManager, table: QueueTable): Promise<boolean> {
  const queue = await firstRow<{ isThere: boolean }>(
    manager,
    `SELECT to_regclass('${table}') IS NOT NULL AS "isThere"`,
  );
  return queue?.isThere === true;
}
