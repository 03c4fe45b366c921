import type { EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { rows } from '@countersign/database';

export interface ExportSection {
  /** Lower camel case, unique among all modules. */
  readonly name: string;
  readonly meaning: string;
  readonly retention: string;
  /** Decrypted objects for `JSON.stringify`. */
  readonly items: AsyncIterable<object>;
}

export interface ExportedPerson {
  readonly userId: string;
  readonly auditPseudonym: string;
  readonly dataKey: DataKey;
}

/** Runs statements that only read. */
export type Reading = <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>;

type Row = Readonly<Record<string, unknown>>;

export interface ExportedRows extends Omit<ExportSection, 'items'> {
  /**
   * Selects the rows of the person `$1`. The column `cursor` is unique among them and gives their order. Every other
   * column becomes a member of the item, in lower camel case.
   */
  readonly sql: string;
  /** Decrypts sealed columns and adds what a column alone does not say. */
  readonly itemOf?: (row: never, person: ExportedPerson) => object;
}

const PAGE = 1_000;

export async function* exportedItems(
  read: Reading,
  { sql, itemOf = (row: object) => row }: ExportedRows,
  person: ExportedPerson,
): AsyncGenerator<object> {
  let after: readonly unknown[] = [];
  for (let size = PAGE; size === PAGE;) {
    const statement = `SELECT * FROM (${sql}) AS own ${after.length > 0 ? 'WHERE cursor > $2' : ''} ORDER BY cursor LIMIT ${PAGE}`;
    const values = [person.userId, ...after];
    const page = await read((manager) => rows<Row>(manager, statement, values));
    for (const { cursor, ...row } of page) {
      after = [cursor];
      yield itemOf(camelCased(row) as never, person);
    }
    size = page.length;
  }
}

function camelCased(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
