import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type BlindIndex } from '@countersign/crypto';
import { firstRow, rows } from '@countersign/database';
import { Logger } from '@countersign/runtime';
import { unlessUnreadable, type KeyWork, type Step, type StepResult } from '../key-work';

/** A table of values, with the alias `r` in SQL, and the table of their digests, with the alias `d`. */
export interface DigestedTable {
  readonly values: string;
  /** The primary key of `values`, a UUID. */
  readonly primaryKey: 'id' | 'user_id';
  readonly digests: string;
  /** The column of `digests` that has the primary key of the value. */
  readonly owner: string;
  /** The SQL condition for a value that needs digests. By default all values need them. */
  readonly needs?: string;
  /** The SQL condition for a value that lacks a digest under the key `$1`, if `needs` does not express it. */
  readonly lacks?: string;
  readonly columns: string;
  readonly joins?: string;
  /** The next pass handles rows that another transaction has locked. */
  readonly lock: `${'KEY SHARE' | 'NO KEY UPDATE'} OF ${'r' | 'u'}`;
  readonly kind?: string;
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Adds digests under the active index key for one table. A feature declares the table, and opens its values. */
@Injectable()
export abstract class DigestWork<Row extends { readonly id: string }> implements KeyWork {
  readonly purpose = 'index';
  protected abstract readonly table: DigestedTable;

  constructor(
    protected readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {}

  get name(): string {
    const { digests, kind } = this.table;
    return kind ? `${digests} of ${kind}` : digests;
  }

  async countBehind(manager: EntityManager, keyId: string): Promise<number> {
    const statement = `SELECT count(*)::int AS count FROM ${this.table.values} r WHERE ${this.lacks}`;
    return (await firstRow<{ count: number }>(manager, statement, [keyId]))?.count ?? 0;
  }

  /** `skipped` counts the locked rows. Values that cannot be opened are not among them. */
  async step(tx: EntityManager, step: Step): Promise<StepResult & { readonly skipped: number }> {
    const found = await this.lookAt(tx, step);
    const lacking = found.filter(({ isDigested }) => !isDigested).map(({ id }) => id);
    const free = lacking.length === 0 ? [] : await this.lockFree(tx, lacking);
    const done = free.length === 0 ? 0 : await this.digest(tx, free);
    return {
      position: found.at(-1)?.id ?? step.after,
      done,
      skipped: lacking.length - free.length,
      isEnd: found.length < step.limit,
    };
  }

  /** Deletes at most `limit` digests under other keys. @returns the number of deleted digests */
  async deleteOthers(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    const { digests, kind } = this.table;
    const ofKind = kind ? ` AND kind = '${kind}'` : '';
    const deleted = await rows(
      tx,
      `DELETE FROM ${digests} WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM ${digests} WHERE key_id <> $1${ofKind} LIMIT $2
       )) RETURNING true`,
      [keyId, limit],
    );
    return deleted.length;
  }

  /** Counts, for each owner, the digests under a former key, minus the digests under `keyId` of its present value. */
  protected async countReplaced(manager: EntityManager, keyId: string): Promise<number> {
    const { digests, owner, kind } = this.table;
    const counts = (condition: string): string =>
      `SELECT ${owner}, count(*) FROM ${digests} WHERE ${kind ? `kind = '${kind}' AND ` : ''}${condition} GROUP BY ${owner}`;
    const found = await firstRow<{ count: number }>(
      manager,
      `SELECT coalesce(sum(greatest(former.count - coalesce(present.count, 0), 0)), 0)::int AS count
       FROM (SELECT ${owner}, max(count) AS count FROM (${counts('key_id <> $1')}, key_id) AS by_key GROUP BY ${owner}) AS former
       LEFT JOIN (${counts('key_id = $1')}) AS present USING (${owner})`,
      [keyId],
    );
    return found?.count ?? 0;
  }

  /** Stores the digests of rows that stay locked until the transaction ends. @returns the number of rows */
  protected abstract digest(tx: EntityManager, free: readonly Row[]): Promise<number>;

  /** Stores the digests that `digestsOf` returns. @returns the number of rows that could be opened */
  protected async insert(
    tx: EntityManager,
    free: readonly Row[],
    digestsOf: (row: Row) => readonly BlindIndex[],
  ): Promise<number> {
    let done = 0;
    const added: (BlindIndex & { id: string })[] = [];
    for (const row of free) {
      const digests = await this.attempt(row.id, () => digestsOf(row));
      if (!digests) continue;
      done += 1;
      added.push(...digests.map((digest) => ({ ...digest, id: row.id })));
    }
    if (added.length > 0) await this.store(tx, added);
    return done;
  }

  protected attempt<T>(row: string, work: () => T | Promise<T>): Promise<T | null> {
    return unlessUnreadable(this.logger, { work: this.name, row }, work);
  }

  private get lacks(): string {
    const { primaryKey, digests, owner, kind, needs = 'true', lacks } = this.table;
    return (
      lacks ??
      `${needs} AND NOT EXISTS (
         SELECT FROM ${digests} d WHERE d.${owner} = r.${primaryKey}${kind ? ` AND d.kind = '${kind}'` : ''} AND d.key_id = $1)`
    );
  }

  private async lookAt(tx: EntityManager, { after, limit }: Step) {
    const { values, primaryKey } = this.table;
    return rows<{ id: string; isDigested: boolean }>(
      tx,
      `SELECT r.${primaryKey} AS id, NOT (${this.lacks}) AS "isDigested" FROM ${values} r
       WHERE r.${primaryKey} > $2::uuid ORDER BY r.${primaryKey} LIMIT $3`,
      [this.keyRing.active('index').id, after === '' ? BEFORE_ALL : after, limit],
    );
  }

  private async lockFree(tx: EntityManager, ids: readonly string[]): Promise<readonly Row[]> {
    const { values, primaryKey, needs = 'true', columns, joins = '', lock } = this.table;
    return rows<Row>(
      tx,
      `SELECT ${columns} FROM ${values} r ${joins} WHERE r.${primaryKey} = ANY($1::uuid[]) AND ${needs}
       ORDER BY r.${primaryKey} FOR ${lock} SKIP LOCKED`,
      [ids],
    );
  }

  /** @param added digests of locked rows, each with the primary key of its row */
  private async store(tx: EntityManager, added: readonly (BlindIndex & { id: string })[]): Promise<void> {
    const { values, primaryKey, digests, owner, kind } = this.table;
    const [names, kindValue] = kind ? [', kind', `, '${kind}'`] : ['', ''];
    await tx.query(
      `INSERT INTO ${digests} (key_id, digest, ${owner}${names})
       SELECT batch.key_id, batch.digest, r.${primaryKey}${kindValue}
       FROM unnest($1::text[], $2::bytea[], $3::uuid[]) AS batch (key_id, digest, id)
       JOIN (SELECT * FROM ${values} WHERE ${primaryKey} = ANY($3::uuid[])) AS r ON r.${primaryKey} = batch.id
       ON CONFLICT DO NOTHING`,
      [added.map(({ keyId }) => keyId), added.map(({ digest }) => digest), added.map(({ id }) => id)],
    );
  }
}
