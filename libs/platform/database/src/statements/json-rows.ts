import type { EntityManager } from 'typeorm';
import { rows } from './sql';

/** A row by column names, in PostgreSQL's JSON: instants have microseconds. */
export type JsonRow = Readonly<Record<string, unknown>>;

/** Reads rows that `insertJsonRows` can restore. @param condition SQL over the columns, with `$1` for `value` */
export async function jsonRows(
  manager: EntityManager,
  table: string,
  condition: string,
  value: unknown,
): Promise<readonly JsonRow[]> {
  const found = await rows<{ row: JsonRow }>(
    manager,
    `SELECT to_jsonb(stored) AS row FROM ${table} AS stored WHERE ${condition} ORDER BY stored`,
    [value],
  );
  return found.map(({ row }) => row);
}

const ALL = { condition: 'true', values: [] };

/** Missing columns get their defaults. @param condition SQL over new rows, `stored`, with `values` from `$2` on */
export async function insertJsonRows(
  tx: EntityManager,
  table: string,
  inserted: readonly JsonRow[],
  { condition, values }: { readonly condition: string; readonly values: readonly unknown[] } = ALL,
): Promise<void> {
  const [first] = inserted;
  if (!first) return;
  const names = Object.keys(first)
    .map((name) => `"${name}"`)
    .join(', ');
  await tx.query(
    `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb) AS stored
     WHERE ${condition} ON CONFLICT DO NOTHING`,
    [JSON.stringify(inserted), ...values],
  );
}
