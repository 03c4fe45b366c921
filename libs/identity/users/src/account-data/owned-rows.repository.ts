import type { EntityManager } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
import { insertJsonRows, rows, type JsonRow } from '@countersign/database';
import type { MergePair, MergeSide } from '../moves/user-merging';

/** Rows that a column names a person in, and what becomes of them by a merge and its separation. */
export interface OwnedRows {
  readonly table: string;
  /** `user_id` by default. */
  readonly column?: string;
  /** The columns that name a row, besides `column`. */
  readonly key: readonly string[];
  /** Only these rows, as SQL over their columns. */
  readonly where?: string;
  /** A person has one row of each `key`: where both accounts have it, that of the loser leaves, and returns by a separation. */
  readonly isUnique?: true;
  /** The rows of the loser always leave, and return as they were: the merge has copied what the survivor needs. */
  readonly leave?: true;
  /** A merge may take the name of the person out of the row; a separation writes it there again. */
  readonly mayBeUnnamed?: true;
  /** Columns that become again what they were. */
  readonly restored?: readonly string[];
  /** Columns that are sealed under the data key of the person, and the columns that name the row in them: `key` by default. */
  readonly sealed?: readonly string[];
  readonly sealedAs?: readonly string[];
  /** The table and the column of what a row belongs to: rows do not return to what is gone. */
  readonly of?: readonly [table: string, column: string];
}

/** A row with sealed columns. Of others only the text counts. */
type SealedRow = Readonly<Record<string, Sealed | null>>;

/** What a merge did with the rows of one `OwnedRows`. */
export interface MovedRows {
  /** As they were. */
  readonly left: readonly JsonRow[];
  /** Their keys and restored columns. */
  readonly moved: readonly JsonRow[];
}

/** By `nameOf`. */
export type MovedRowsByName = Readonly<Record<string, MovedRows | undefined>>;

/** The name of the rows in a record of a merge: never changed. */
export function nameOf({ table, column = 'user_id' }: OwnedRows): string {
  return `${table}.${column}`;
}

/** What `moveRows` is about to do. The caller holds the locks of both users. */
export async function recordRows(
  tx: EntityManager,
  owned: OwnedRows,
  { survivor, loser }: MergePair,
): Promise<MovedRows> {
  const { table, column = 'user_id', key, restored = [], where = 'true' } = owned;
  const leaving = leavingOf(owned);
  const left = await rows<{ row: JsonRow }>(
    tx,
    `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${column} = $1 AND ${where} AND ${leaving}`,
    [loser.userId, survivor.userId],
  );
  const named = [...key, ...restored].map((name) => `'${name}', t.${name}`).join(', ');
  const moved = await rows<{ row: JsonRow }>(
    tx,
    `SELECT jsonb_build_object(${named}) AS row FROM ${table} t
     WHERE ${column} = $1 AND ${where} AND NOT (${leaving})`,
    [loser.userId, survivor.userId],
  );
  return { left: left.map(({ row }) => row), moved: moved.map(({ row }) => row) };
}

/** Gives the rows of the loser to the survivor, sealed again, and deletes those that leave. */
export async function moveRows(tx: EntityManager, owned: OwnedRows, pair: MergePair): Promise<void> {
  const { table, column = 'user_id', where = 'true' } = owned;
  const { survivor, loser } = pair;
  if (owned.isUnique ?? owned.leave)
    await tx.query(`DELETE FROM ${table} t WHERE ${column} = $1 AND ${where} AND ${leavingOf(owned)}`, [
      loser.userId,
      survivor.userId,
    ]);
  if (owned.leave) return;
  const sealed = owned.sealed
    ? await rows<{ row: SealedRow }>(
        tx,
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${column} = $1 AND ${where}`,
        [loser.userId],
      )
    : [];
  await tx.query(`UPDATE ${table} t SET ${column} = $2 WHERE ${column} = $1 AND ${where}`, [
    loser.userId,
    survivor.userId,
  ]);
  await sealAgain(
    tx,
    owned,
    sealed.map(({ row }) => row),
    { from: loser, to: survivor },
  );
}

interface Separated {
  readonly survivor: MergeSide;
  readonly returning: MergeSide;
}

/** Gives back the rows of `recordRows` that the survivor still has, and those that left. */
export async function returnRows(
  tx: EntityManager,
  owned: OwnedRows,
  { left, moved }: MovedRows,
  pair: Separated,
): Promise<void> {
  const { table } = owned;
  if (moved.length > 0) await returnMoved(tx, owned, moved, pair);
  const isThere = owned.of && `EXISTS (SELECT FROM ${owned.of[0]} o WHERE o.id = stored.${owned.of[1]})`;
  await insertJsonRows(tx, table, left, isThere);
}

async function returnMoved(
  tx: EntityManager,
  owned: OwnedRows,
  moved: readonly JsonRow[],
  { survivor, returning }: Separated,
): Promise<void> {
  const { table, column = 'user_id', key, restored = [], mayBeUnnamed } = owned;
  const isSurvivors = mayBeUnnamed ? `(t.${column} = $1 OR t.${column} IS NULL)` : `t.${column} = $1`;
  const given = await rows<{ row: SealedRow }>(
    tx,
    `UPDATE ${table} t SET ${[`${column} = $2`, ...restored.map((name) => `${name} = former.${name}`)].join(', ')}
     FROM jsonb_populate_recordset(NULL::${table}, $3::jsonb) AS former
     WHERE ${isSurvivors} AND ${key.map((name) => `t.${name} = former.${name}`).join(' AND ')}
     RETURNING to_jsonb(t) AS row`,
    [survivor.userId, returning.userId, JSON.stringify(moved)],
  );
  const returned = given.map(({ row }) => row);
  await sealAgain(tx, owned, returned, { from: survivor, to: returning });
}

/** Whether a row of the loser leaves where the survivor is `$2`. */
function leavingOf({ table, column = 'user_id', key, isUnique, leave }: OwnedRows): string {
  if (!isUnique) return leave ? '$2::uuid IS NOT NULL' : '$2::uuid IS NULL';
  const same = key.map((name) => ` AND own.${name} = t.${name}`).join('');
  return `EXISTS (SELECT FROM ${table} own WHERE own.${column} = $2${same})`;
}

/** @param sealed whole rows, as the former owner had them */
async function sealAgain(
  tx: EntityManager,
  { table, column = 'user_id', key, sealed: names = [], sealedAs = key }: OwnedRows,
  sealed: readonly SealedRow[],
  { from, to }: { readonly from: MergeSide; readonly to: MergeSide },
): Promise<void> {
  if (names.length === 0 || sealed.length === 0) return;
  const idOf = (row: SealedRow, owner: MergeSide): readonly string[] =>
    sealedAs.map((name) => (name === column ? owner.userId : String(row[name])));
  const fresh = sealed.map((row) => ({
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
     WHERE t.${column} = $1 AND ${key.map((name) => `t.${name} = fresh.${name}`).join(' AND ')}`,
    [to.userId, JSON.stringify(fresh)],
  );
}
