import { DataSource } from 'typeorm';
import {
  personalColumnsOf,
  publicCopiesOf,
  reviewedSchemas,
  reviewedTables,
  secretColumnsOf,
} from '@countersign/database';
import type { TestApp } from './test-app';
import type { TestDatabase } from './test-database';

export interface StoredColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** Partitions have the columns of their table, and are left out. */
const COLUMNS = `
  SELECT namespace.nspname AS schema, relation.relname AS table, attribute.attname AS column,
    format_type(attribute.atttypid, attribute.atttypmod) AS type
  FROM pg_attribute attribute
  JOIN pg_class relation ON relation.oid = attribute.attrelid
  JOIN pg_namespace namespace ON namespace.oid = relation.relnamespace
  WHERE attribute.attnum > 0 AND NOT attribute.attisdropped
    AND relation.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relation.relispartition
    AND namespace.nspname NOT IN ('information_schema', 'pg_toast') AND namespace.nspname NOT LIKE 'pg\\_%'
  ORDER BY 1, 2, attribute.attnum`;

/** They hold ids that we make, instants and answers to yes-or-no questions. */
const HARMLESS_TYPES: ReadonlySet<string> = new Set(['uuid', 'boolean', 'timestamp with time zone']);

type Declared = ReadonlyMap<string, 'personal' | 'public copy' | 'secret'>;

export async function columnsIn(database: TestDatabase): Promise<readonly StoredColumn[]> {
  return database.query<StoredColumn>(COLUMNS);
}

/** By `table.column`, from the decorators of all entities. */
export function declaredColumns(app: TestApp): Declared {
  const entities = app.nest.get(DataSource).entityMetadatas.map(({ target }) => {
    if (typeof target === 'string') throw new Error(`${target} is an entity without a class`);
    return target as abstract new () => object;
  });
  const named = (
    kind: 'personal' | 'public copy' | 'secret',
    columnsOf: (entity: abstract new () => object) => readonly { table: string; column: string }[],
  ) => entities.flatMap(columnsOf).map(({ table, column }) => [`${table}.${column}`, kind] as const);
  return new Map([
    ...named('personal', personalColumnsOf),
    ...named('public copy', publicCopiesOf),
    ...named('secret', secretColumnsOf),
  ]);
}

/** Columns that are neither declared nor reviewed. */
export function undecided(columns: readonly StoredColumn[], declared: Declared): readonly string[] {
  return columns
    .filter(({ type }) => !HARMLESS_TYPES.has(type))
    .filter(({ schema, table, column }) => {
      if (schema !== 'public') return !(schema in reviewedSchemas());
      return !declared.has(`${table}.${column}`) && !isReviewed(table, column);
    })
    .map(({ schema, table, column, type }) => `${schema}.${table}.${column} ${type}`);
}

/** Entries of the reviewed list, and declarations, that no column needs. */
export function superfluous(columns: readonly StoredColumn[], declared: Declared): readonly string[] {
  const typeOf = new Map(
    columns
      .filter(({ schema }) => schema === 'public')
      .map(({ table, column, type }) => [`${table}.${column}`, type]),
  );
  const reviewed = Object.entries(reviewedTables()).flatMap(([table, { columns }]) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  );
  const needless = reviewed.filter(
    (name) => declared.has(name) || HARMLESS_TYPES.has(typeOf.get(name) ?? 'uuid'),
  );
  const missing = [...declared.keys()].filter((name) => !typeOf.has(name));
  const schemas = Object.keys(reviewedSchemas()).filter(
    (name) => !columns.some(({ schema }) => schema === name),
  );
  return [...needless, ...missing, ...schemas];
}

function isReviewed(table: string, column: string): boolean {
  return Object.hasOwn(reviewedTables()[table]?.columns ?? {}, column);
}
