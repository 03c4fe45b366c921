import type { EntityManager } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
import { firstRow, insertJsonRows, rows, type JsonRow } from '@countersign/database';
import type { LockedUser } from '../user';
import type { MergePair, ReturnPair } from '../moves/user-merging.repository';

/** The rows of a table that name a person in a column, and how a merge and its separation move them. */
export interface OwnedRows {
  readonly table: string;
  /** `user_id` by default. */
  readonly column?: string;
  /** The columns that identify a row, besides `column`. */
  readonly key: readonly string[];
  /** A SQL condition over the columns that selects the rows. */
  readonly where?: string;
  /**
   * A person has one row for each `key`; the survivor's row stays if both accounts have it. A separation restores the
   * loser's rows if the survivor still has the `key`. It deletes moved rows that have not changed since.
   */
  readonly isUnique?: true;
  /** Like `isUnique`, but no row moves: the merge has copied what the survivor needs. */
  readonly leave?: true;
  /** A merge may take the name of the person out of the row; a separation writes it there again. */
  readonly mayBeUnnamed?: true;
  /** Columns to which a separation gives their former values. */
  readonly restored?: readonly string[];
  /** Columns sealed under the person's data key, and the columns that identify the row in them (`key` by default). */
  readonly sealed?: readonly string[];
  readonly sealedAs?: readonly string[];
  /** The parent's table, and the column that refers to it. Rows whose parent is gone do not return. */
  readonly of?: readonly [table: string, column: string];
  /** The name under which the rows are counted. Such counts check that a merge or a separation loses no row. */
  readonly counted?: string;
  /** An erasure deletes the rows or clears the column. By default, a foreign key or the module does this. */
  readonly erase?: 'delete' | 'unname';
}

export interface MovedRows {
  /** The former rows, if `isUnique` or `leave` is set. */
  readonly whole: readonly JsonRow[];
  /** Keys and restored columns of the rows that moved. */
  readonly moved: readonly JsonRow[];
}

export type MovedRowsByName = Readonly<Record<string, MovedRows | undefined>>;

type SealedRow = Readonly<Record<string, Sealed | null>>;

const BATCH = 1_000;

/** The name of the rows in a record of a merge. It must never change. */
export function nameOf({ table, column = 'user_id' }: OwnedRows): string {
  return `${table}.${column}`;
}

/** Records what `moveRows` is about to do. */
export async function recordRows(
  tx: EntityManager,
  owned: OwnedRows,
  { survivor, loser }: MergePair,
): Promise<MovedRows> {
  const { table, column = 'user_id', key, restored = [], where = 'true' } = owned;
  const ids = [loser.userId, survivor.userId];
  const select = async (what: string, condition: string): Promise<readonly JsonRow[]> => {
    const found = await rows<{ row: JsonRow }>(
      tx,
      `SELECT ${what} AS row FROM ${table} t WHERE ${column} = $1 AND ${where} AND ${condition}`,
      ids,
    );
    return found.map(({ row }) => row);
  };
  const named = [...key, ...restored].map((name) => `'${name}', t.${name}`).join(', ');
  return {
    whole: isWhole(owned) ? await select('to_jsonb(t)', '$2::uuid IS NOT NULL') : [],
    moved: await select(`jsonb_build_object(${named})`, `NOT (${leavingOf(owned)})`),
  };
}

/** Gives the loser's rows to the survivor, sealed again, and deletes the rows that do not move. */
export async function moveRows(
  tx: EntityManager,
  owned: OwnedRows,
  { survivor, loser }: MergePair,
): Promise<void> {
  const { table, column = 'user_id', where = 'true', leave } = owned;
  const ids = [loser.userId, survivor.userId];
  if (isWhole(owned))
    await tx.query(`DELETE FROM ${table} t WHERE ${column} = $1 AND ${where} AND ${leavingOf(owned)}`, ids);
  if (leave) return;
  const sealed = await sealedOf(tx, owned, loser.userId);
  await tx.query(`UPDATE ${table} t SET ${column} = $2 WHERE ${column} = $1 AND ${where}`, ids);
  await sealAgain(tx, owned, sealed, { from: loser, to: survivor });
}

/** Gives recorded rows back: whole rows as they were, moved rows if the survivor still has them. */
export async function returnRows(
  tx: EntityManager,
  owned: OwnedRows,
  { whole, moved }: MovedRows,
  pair: ReturnPair,
): Promise<void> {
  if (!isWhole(owned)) return returnMoved(tx, owned, moved, pair);
  const { table, column = 'user_id', key, sealed = [], isUnique, of } = owned;
  const { userId } = pair.survivor;
  const conditions = [
    ...(of ? [`EXISTS (SELECT FROM ${of[0]} o WHERE o.id = stored.${of[1]} FOR KEY SHARE)`] : []),
    ...(isUnique
      ? [`EXISTS (SELECT FROM ${table} t WHERE t.${column} = $2 AND ${sameKey('stored', key)})`]
      : []),
    '$2::uuid IS NOT NULL',
  ];
  await insertJsonRows(tx, table, whole, { condition: conditions.join(' AND '), values: [userId] });
  if (moved.length > 0)
    await tx.query(
      `DELETE FROM ${table} t
       USING jsonb_array_elements($2::jsonb) AS former, jsonb_populate_recordset(NULL::${table}, $3::jsonb) AS moved
       WHERE t.${column} = $1 AND ${sameKey('moved', key)}
         AND to_jsonb(t) - $4::text[] = former.value - $4::text[]`,
      [userId, JSON.stringify(whole), JSON.stringify(moved), [column, ...sealed]],
    );
}

async function returnMoved(
  tx: EntityManager,
  owned: OwnedRows,
  moved: readonly JsonRow[],
  { survivor, returning }: ReturnPair,
): Promise<void> {
  const { table, column = 'user_id', key, restored = [], mayBeUnnamed } = owned;
  const isSurvivors = mayBeUnnamed ? `(t.${column} = $1 OR t.${column} IS NULL)` : `t.${column} = $1`;
  const changes = [`${column} = $2`, ...restored.map((name) => `${name} = former.${name}`)];
  await tx.query(
    `UPDATE ${table} t SET ${changes.join(', ')}
     FROM jsonb_populate_recordset(NULL::${table}, $3::jsonb) AS former WHERE ${isSurvivors} AND ${sameKey('former', key)}`,
    [survivor.userId, returning.userId, JSON.stringify(moved)],
  );
  const sealed = await sealedOf(tx, owned, returning.userId);
  await sealAgain(tx, owned, sealed, { from: survivor, to: returning });
}

/** Locks the counted rows, so that none is deleted before the transaction ends. */
export async function countRows(tx: EntityManager, owned: OwnedRows, userId: string): Promise<number> {
  const { table, column = 'user_id', key, where = 'true' } = owned;
  const locked = `SELECT FROM ${table} t WHERE ${column} = $1 AND ${where} ORDER BY ${key.join(', ')} FOR NO KEY UPDATE`;
  const found = await firstRow<{ count: number }>(tx, `SELECT count(*)::int FROM (${locked}) AS locked`, [
    userId,
  ]);
  return found?.count ?? 0;
}

/** @param from SQL that follows the columns, for the person `$1` */
export async function countBy(tx: EntityManager, from: string, userId: string): Promise<number> {
  const statement = `SELECT count(*)::int AS count ${from}`;
  return (await firstRow<{ count: number }>(tx, statement, [userId]))?.count ?? 0;
}

export async function eraseRows(tx: EntityManager, owned: OwnedRows, userId: string): Promise<void> {
  const { table, column = 'user_id', where = 'true', erase } = owned;
  if (erase === undefined) return;
  const change = erase === 'delete' ? `DELETE FROM ${table}` : `UPDATE ${table} SET ${column} = NULL`;
  await tx.query(`${change} WHERE ${column} = $1 AND ${where}`, [userId]);
}

function isWhole({ isUnique, leave }: OwnedRows): boolean {
  return isUnique === true || leave === true;
}

function leavingOf({ table, column = 'user_id', key, isUnique, leave }: OwnedRows): string {
  if (!isUnique) return leave ? '$2::uuid IS NOT NULL' : '$2::uuid IS NULL';
  return `EXISTS (SELECT FROM ${table} own WHERE own.${column} = $2 AND ${key.map((name) => `own.${name} = t.${name}`).join(' AND ')})`;
}

function sameKey(other: string, key: readonly string[]): string {
  return ['true', ...key.map((name) => `t.${name} = ${other}.${name}`)].join(' AND ');
}

async function sealedOf(tx: EntityManager, owned: OwnedRows, userId: string): Promise<readonly SealedRow[]> {
  const { table, column = 'user_id', key, where = 'true', sealed = [], sealedAs = key } = owned;
  if (sealed.length === 0) return [];
  const named = [...new Set([...key, ...sealedAs, ...sealed])].map((name) => `'${name}', ${name}`).join(', ');
  const found = await rows<{ row: SealedRow }>(
    tx,
    `SELECT jsonb_build_object(${named}) AS row FROM ${table}
     WHERE ${column} = $1 AND ${where} AND num_nonnulls(${sealed.join(', ')}) > 0`,
    [userId],
  );
  return found.map(({ row }) => row);
}

/** The rows already belong to `to`, but are still sealed under the key of `from`. */
async function sealAgain(
  tx: EntityManager,
  { table, column = 'user_id', key, sealed: names = [], sealedAs = key }: OwnedRows,
  sealed: readonly SealedRow[],
  { from, to }: { readonly from: LockedUser; readonly to: LockedUser },
): Promise<void> {
  const idOf = (row: SealedRow, owner: LockedUser): readonly string[] =>
    sealedAs.map((name) => (name === column ? owner.userId : String(row[name])));
  for (let start = 0; start < sealed.length; start += BATCH) {
    const fresh = sealed.slice(start, start + BATCH).map((row) => ({
      ...row,
      ...Object.fromEntries(
        names.map((name) => {
          const text = sealedText(table, name);
          const opened = text.open(from.dataKey, idOf(row, from), row[name] ?? null);
          return [name, text.seal(to.dataKey, idOf(row, to), opened)];
        }),
      ),
    }));
    await tx.query(
      `UPDATE ${table} t SET ${names.map((name) => `${name} = fresh.${name}`).join(', ')}
       FROM jsonb_populate_recordset(NULL::${table}, $2::jsonb) AS fresh
       WHERE t.${column} = $1 AND ${sameKey('fresh', key)}`,
      [to.userId, JSON.stringify(fresh)],
    );
  }
}
