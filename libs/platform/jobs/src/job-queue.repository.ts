import { Injectable } from '@nestjs/common';
import PgBoss from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';

/** What became of a request to run a job. */
type QueuedRun = 'queued' | 'queued-before' | 'no-queue';

/** Puts jobs into the queue that the runners of all replicas take them from. */
@Injectable()
export class JobQueue {
  /** One run, beside those of the schedule; a run that waits already is enough. It begins after the commit. */
  async add(tx: EntityManager, name: string): Promise<QueuedRun> {
    if (!(await this.hasQueue(tx, name))) return 'no-queue';
    const executeSql = async (text: string, values: unknown[]): Promise<{ rows: unknown[] }> => ({
      rows: [...(await rows<object>(tx, text, values))],
    });
    // Not started: it only writes the statement.
    const id = await new PgBoss({ db: { executeSql } }).send(name, {});
    return id === null ? 'queued-before' : 'queued';
  }

  private async hasQueue(tx: EntityManager, name: string): Promise<boolean> {
    const table = await firstRow<{ isThere: boolean }>(
      tx,
      `SELECT to_regclass('pgboss.queue') IS NOT NULL AS "isThere"`,
    );
    if (!table?.isThere) return false;
    return (await firstRow(tx, 'SELECT true FROM pgboss.queue WHERE name = $1', [name])) !== null;
  }
}
