import { Injectable } from '@nestjs/common';
import PgBoss from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { Database, firstRow, hasTable, rows } from '@countersign/database';

type QueuedRun = 'queued' | 'queued-before' | 'no-queue';

/**
 * Of all replicas; for a job that never succeeded, since it was first scheduled. The archive, of a week, is read only for a job
 * without a success in the table of the last twelve hours, newest first.
 */
const LAST_SUCCESSES = `
  SELECT schedule.name, schedule.created_on AS "scheduledAt", done.at AS "lastSucceededAt",
    extract(epoch FROM clock_timestamp() - coalesce(done.at, schedule.created_on))::float8 AS "secondsSince"
  FROM pgboss.schedule CROSS JOIN LATERAL (
    SELECT coalesce(
      (SELECT max(completed_on) FROM pgboss.job WHERE name = schedule.name AND state = 'completed'),
      (SELECT completed_on FROM pgboss.archive WHERE name = schedule.name AND state = 'completed'
       ORDER BY archived_on DESC LIMIT 1)
    ) AS at
  ) AS done`;

interface JobPast {
  readonly name: string;
  readonly scheduledAt: Date;
  readonly lastSucceededAt: Date | null;
  /** Since its last success, or since it was first scheduled. */
  readonly secondsSince: number;
}

/** The queue that the runners of all replicas take jobs from, by pg-boss's tables. */
@Injectable()
export class JobQueue {
  constructor(private readonly database: Database) {}

  /** One run, beside those of the schedule; a run that waits already is enough. It begins after the commit. */
  async add(tx: EntityManager, name: string): Promise<QueuedRun> {
    if (!(await hasTable(tx, 'pgboss.queue'))) return 'no-queue';
    if (!(await firstRow(tx, 'SELECT true FROM pgboss.queue WHERE name = $1', [name]))) return 'no-queue';
    const executeSql = async (text: string, values: unknown[]): Promise<{ rows: unknown[] }> => ({
      rows: [...(await rows<object>(tx, text, values))],
    });
    // Not started: it only writes the statement.
    const id = await new PgBoss({ db: { executeSql } }).send(name, {});
    return id === null ? 'queued-before' : 'queued';
  }

  /** Seconds since the last success of each job, on any replica. @throws Error when there is no queue */
  async sinceSuccess(): Promise<Readonly<Record<string, number>>> {
    const found = await this.pastOfEach();
    if (!found) throw new Error('there is no queue');
    return Object.fromEntries(found.map(({ name, secondsSince }) => [name, secondsSince]));
  }

  /** Of each job that was ever scheduled. Null when there is no queue. */
  async pastOfEach(): Promise<readonly JobPast[] | null> {
    return this.database.read(async (manager) =>
      (await hasTable(manager, 'pgboss.archive')) ? rows<JobPast>(manager, LAST_SUCCESSES) : null,
    );
  }
}
