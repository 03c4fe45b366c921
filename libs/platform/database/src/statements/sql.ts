import type { EntityManager } from 'typeorm';

/** Runs a statement of any kind and returns its rows (TypeORM wraps those of UPDATE and DELETE). */
export async function rows<Row>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const answer: unknown = await manager.query(statement, [...parameters]);
  if (
    Array.isArray(answer) &&
    answer.length === 2 &&
    Array.isArray(answer[0]) &&
    typeof answer[1] === 'number'
  )
    return answer[0] as Row[];
  return answer as Row[];
}

export async function firstRow<Row>(
  manager: EntityManager,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row | null> {
  return (await rows<Row>(manager, statement, parameters))[0] ?? null;
}
