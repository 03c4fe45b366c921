import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityMetadata, type EntityManager } from 'typeorm';
import { plusSeconds } from '@countersign/runtime';
import { columnOf } from '../columns/columns';
import { rows } from './sql';
import { Database } from '../database';
import { AgreedClock } from '../clock/database-clock';

/** Multiplies the duration of a batch. */
const PAUSES = 4;

/** Deletes old rows in small batches, each in its own transaction, so that no lock is held for long. */
@Injectable()
export class BatchedDeletions {
  constructor(
    private readonly database: Database,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Deletes until a batch is not full. After each full batch it pauses four times as long as the batch took, so
   * sign-ins wait for one batch at most (ADR 0008).
   * @param deleteSome deletes up to `size` rows and returns their number; `now` is the start of the run
   * @returns the number of deleted rows
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
  /** The property with the instant from which a row no longer counts. Its column needs an index. */
  readonly at: string;
  /** Seconds until the row is deleted. */
  readonly after: number;
  /** A property that must be `null` in a deleted row. */
  readonly unless?: string;
  /** The data and their retention, for the table of docs/reference.md. */
  readonly data: string;
  readonly stored: string;
}

const expiries = new Map<unknown, Expiry>();

/** The job `expiry` deletes rows of the entity when their time is over. */
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

  get tables(): readonly (readonly [EntityMetadata, Expiry])[] {
    return this.dataSource.entityMetadatas.flatMap((table) => {
      const expiry = expiries.get(table.target);
      return expiry ? [[table, expiry] as const] : [];
    });
  }

  /** A table that fails does not stop the others. @returns the number of deleted rows @throws the first failure */
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
