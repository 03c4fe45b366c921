import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityMetadata, type EntityManager } from 'typeorm';
import { plusSeconds } from '@countersign/runtime';
import { columnOf } from '../columns/columns';
import { rows } from './sql';
import { Database } from '../database';
import { AgreedClock } from '../clock/database-clock';

/** Times the duration of a batch. */
const PAUSES = 4;

/** Deletes what is too old in small batches, each in a transaction of its own, so that no lock is held for long. */
@Injectable()
export class BatchedDeletions {
  constructor(
    private readonly database: Database,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Deletes until a batch is not full. After each full batch it pauses four times as long as the batch took, so that sign-ins
   * wait for no more than one batch (ADR 0008).
   * @param size rows of a batch
   * @param deleteSome deletes up to `size` rows and answers how many; `now` is that of the beginning, so that rows which expire
   * meanwhile are left to the next run
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(size: number, deleteSome: (tx: EntityManager, now: Date) => Promise<number>): Promise<number> {
    const begin = await this.clock.now();
    for (let total = 0; ;) {
      const startedAt = performance.now();
      const deleted = await this.database.transaction((tx) => deleteSome(tx, begin));
      total += deleted;
      if (deleted < size) return total;
      await sleep(PAUSES * (performance.now() - startedAt));
      // The clock may have become wrong meanwhile.
      await this.clock.now();
    }
  }
}

const BATCH = 1_000;

export interface Expiry {
  /** The property with the instant from which on a row counts for nothing. An index has its column. */
  readonly at: string;
  /** How many seconds later the row is deleted. */
  readonly after: number;
  /** A property that is `null` in all rows that are deleted. */
  readonly unless?: string;
  /** Which data, and how long it is stored, as in the table of docs/reference.md. */
  readonly data: string;
  readonly stored: string;
}

const expiries = new Map<unknown, Expiry>();

/** Has rows of an entity deleted when their time is over, by the job `expiry`. */
export function Expires(expiry: Expiry): ClassDecorator {
  return (entity) => {
    expiries.set(entity, expiry);
  };
}

@Injectable()
export class ExpiredRows {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deletions: BatchedDeletions,
  ) {}

  /** By table, those of the modules that are in use. */
  get tables(): readonly (readonly [EntityMetadata, Expiry])[] {
    return this.dataSource.entityMetadatas.flatMap((table) => {
      const expiry = expiries.get(table.target);
      return expiry ? [[table, expiry] as const] : [];
    });
  }

  /**
   * One table that fails does not stop the others.
   * @returns how many rows were deleted
   * @throws the first failure, such as AppError service.unavailable when the clock is wrong
   */
  async delete(): Promise<number> {
    const failures: unknown[] = [];
    let total = 0;
    for (const [table, expiry] of this.tables)
      total += await this.deleteFrom(table, expiry).catch((error: unknown) => {
        failures.push(error);
        return 0;
      });
    if (failures.length > 0) throw failures[0];
    return total;
  }

  private async deleteFrom(table: EntityMetadata, { at, after, unless }: Expiry): Promise<number> {
    const isUnused = unless === undefined ? 'true' : `${columnOf(unless)} IS NULL`;
    const some = `
      DELETE FROM ${table.tableName} WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM ${table.tableName} WHERE ${columnOf(at)} <= $1 AND ${isUnused}
        ORDER BY ${columnOf(at)} LIMIT $2 FOR UPDATE SKIP LOCKED
      )) RETURNING 1`;
    return this.deletions.run(
      BATCH,
      async (tx, now) => (await rows(tx, some, [plusSeconds(now, -after), BATCH])).length,
    );
  }
}
