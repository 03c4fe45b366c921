import type { DataSource } from 'typeorm';
import { Secret } from '@countersign/database';

/** A column whose values are sealed under the ring, each for `{ table, column, row: <primary key> }`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly primaryKey: string;
  readonly primaryKeyType: 'text' | 'uuid';
}

/** Columns of the loaded entities that are declared as a `@Secret`. */
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
