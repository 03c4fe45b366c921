import { Injectable } from '@nestjs/common';
import type { EntityManager, DataSource } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { firstRow, rows, Secret } from '@countersign/database';
import type { Step } from '../key-work';

/** A column of values that the ring seals, each for `{ table, column, row: <primary key> }`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly primaryKey: string;
  readonly primaryKeyType: 'text' | 'uuid';
}

export function sealedColumns(dataSource: DataSource): readonly SealedColumn[] {
  return dataSource.entityMetadatas.flatMap(({ target, primaryColumns }) => {
    if (typeof target !== 'function') return [];
    const declared = Secret.of(target as abstract new () => object);
    return declared.map(({ table, column }) => {
      const [primary, ...others] = primaryColumns;
      if (!primary || others.length > 0) throw new Error(`${table}.${column} needs one primary key`);
      const primaryKeyType = primary.type === 'uuid' ? 'uuid' : 'text';
      return { table, column, primaryKey: primary.databaseName, primaryKeyType };
    });
  });
}

export interface ResealedValue {
  readonly id: string;
  readonly sealed: Sealed;
  readonly next: Sealed;
}

const BEFORE_ALL = { text: '', uuid: '00000000-0000-0000-0000-000000000000' };

/** Values of any table that the ring seals. Entities supply the names of tables and columns. */
@Injectable()
export class SealedValuesRepository {
  /** The next rows. Values that are already sealed under `keyId` are null. */
  async lookAt(
    manager: EntityManager,
    { table, column, primaryKey, primaryKeyType: type }: SealedColumn,
    keyId: string,
    { after, limit }: Step,
  ): Promise<readonly { readonly id: string; readonly sealed: Sealed | null }[]> {
    return rows(
      manager,
      `SELECT ${primaryKey}::text AS id, CASE WHEN ${column} NOT LIKE $1 THEN ${column} END AS sealed
       FROM ${table} WHERE ${primaryKey} > $2::${type} ORDER BY ${primaryKey} LIMIT $3`,
      [prefixOf(keyId), after === '' ? BEFORE_ALL[type] : after, limit],
    );
  }

  /** Skips rows that are locked or whose value has changed. @returns the number of replaced values */
  async replace(
    tx: EntityManager,
    { table, column, primaryKey, primaryKeyType: type }: SealedColumn,
    values: readonly ResealedValue[],
  ): Promise<number> {
    const replaced = await rows(
      tx,
      `WITH batch AS (
         SELECT * FROM unnest($1::${type}[], $2::text[], $3::text[]) AS batch (id, sealed, next)
       ), free AS (
         SELECT stored.${primaryKey} AS id FROM ${table} stored WHERE stored.${primaryKey} = ANY($1::${type}[])
         ORDER BY stored.${primaryKey} FOR NO KEY UPDATE SKIP LOCKED
       )
       UPDATE ${table} stored SET ${column} = batch.next FROM batch JOIN free ON free.id = batch.id
       WHERE stored.${primaryKey} = batch.id AND stored.${column} = batch.sealed RETURNING true`,
      [values.map(({ id }) => id), values.map(({ sealed }) => sealed), values.map(({ next }) => next)],
    );
    return replaced.length;
  }

  async countOthers(manager: EntityManager, { table, column }: SealedColumn, keyId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      manager,
      `SELECT count(*)::int AS count FROM ${table} WHERE ${column} NOT LIKE $1`,
      [prefixOf(keyId)],
    );
    return found?.count ?? 0;
  }
}

/** A key id contains no wildcard of LIKE. */
function prefixOf(keyId: string): string {
  return `v1:${keyId}:%`;
}
