import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database';
import { Clock, DAY, utcDayOf } from '@countersign/runtime';
import { firstRow, rows } from './sql';

const TABLES = ['proofs', 'audit_records', 'events'] as const;
type PartitionedTable = (typeof TABLES)[number];

/** Creates the partitions of the next week (UTC). A transaction without a partition creates it and is repeated. */
@Injectable()
export class DayPartitions {
  /** Keyed by day, counted from the epoch. */
  private readonly ensured = {
    proofs: new Map<number, Promise<void>>(),
    audit_records: new Map<number, Promise<void>>(),
    events: new Map<number, Promise<void>>(),
  };

  private making: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    database.onPartitionMissing(() => {
      this.making ??= this.makeAgain().finally(() => (this.making = null));
      return this.making;
    });
  }

  async ensureWeek(table: PartitionedTable, now: Date): Promise<void> {
    for (let days = 0; days <= 7; days++) await this.ensure(table, new Date(now.getTime() + days * DAY));
  }

  /** After the first call for a day, this is a look-up in memory. It takes a connection of its own. */
  async ensure(table: PartitionedTable, instant: Date): Promise<void> {
    const known = this.ensured[table];
    const day = Math.floor(instant.getTime() / DAY);
    const ensured = known.get(day) ?? this.create(table, instant);
    known.set(day, ensured);
    try {
      await ensured;
    } catch (error) {
      known.delete(day);
      throw error;
    }
  }

  /**
   * Drops our partitions from days before `instant`, by `AgreedClock`. Tries twice for two seconds to get the lock.
   * @param inDrop runs in the transaction that drops a partition
   */
  async dropBefore(
    table: PartitionedTable,
    instant: Date,
    inDrop?: (tx: EntityManager, name: string) => Promise<void>,
  ): Promise<readonly string[]> {
    const partitions = await this.database.read((manager) =>
      rows<{ name: string }>(manager, PARTITIONS_OF, [table]),
    );
    const limit = partitionName(table, instant);
    // Other partitions may belong to an operator.
    const isOurs = new RegExp(`^${table}_\\d{8}$`);
    const old = partitions.map(({ name }) => name).filter((name) => isOurs.test(name) && name < limit);
    for (const name of old) {
      await this.database.transaction(async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = '2s'`);
        await tx.query(`DROP TABLE IF EXISTS ${name}`);
        await inDrop?.(tx, name);
      });
      this.forget(table);
    }
    return old;
  }

  /** Creates today's partitions, and those that existed before and may have been dropped. */
  private async makeAgain(): Promise<void> {
    const now = this.clock.now();
    for (const table of TABLES) {
      const days = [...this.ensured[table].keys()].map((day) => new Date(day * DAY));
      this.forget(table);
      for (const day of [...days, now]) await this.ensure(table, day);
    }
  }

  private forget(table: PartitionedTable): void {
    this.ensured[table].clear();
  }

  /** Attaching takes a weaker lock on the parent than creating in place, so traffic continues. */
  private async create(table: PartitionedTable, instant: Date): Promise<void> {
    const name = partitionName(table, instant);
    const from = utcDayOf(instant);
    const to = utcDayOf(new Date(instant.getTime() + DAY));
    // The day of a proof is a date.
    const zone = table === 'proofs' ? '' : 'T00:00:00Z';
    await this.database.transaction(async (tx) => {
      if (await exists(tx, name)) return;
      await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/day-partitions']);
      if (await exists(tx, name)) return;
      await tx.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL)`);
      await tx.query(
        `ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}${zone}') TO ('${to}${zone}')`,
      );
    });
  }
}

/** Reads the catalogue: `to_regclass` may use a cache without another session's commit. */
async function exists(tx: EntityManager, name: string): Promise<boolean> {
  const found = await firstRow(
    tx,
    'SELECT 1 FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace',
    [name],
  );
  return found !== null;
}

const PARTITIONS_OF = `
  SELECT child.relname AS name
  FROM pg_inherits
  JOIN pg_class child ON child.oid = pg_inherits.inhrelid
  WHERE pg_inherits.inhparent = to_regclass($1)
  ORDER BY child.relname`;

function partitionName(table: PartitionedTable, instant: Date): string {
  return `${table}_${utcDayOf(instant).replaceAll('-', '')}`;
}
