import type { EntityManager } from 'typeorm';

/** Runs any statement and returns its rows. (TypeORM wraps the rows of UPDATE and DELETE.) */
export async function rows<Row>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const answer: unknown = await manager.query(statement, [...parameters]);
  const isWrapped =
    Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return (isWrapped ? answer[0] : answer) as Row[];
}

export async function firstRow<Row>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row | null> {
  return (await rows<Row>(manager, statement, parameters))[0] ?? null;
}

/** A query of a missing table would add an error to the database's log each time. */
export async function hasTable(manager: EntityManager, table: string): Promise<boolean> {
  const found = await firstRow(manager, 'SELECT true WHERE to_regclass($1) IS NOT NULL', [table]);
  return found !== null;
}
