import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';

const MAX_COUNT = 10_000;

/** Counts at most 10,000 rows. @param from a statement from `FROM` on */
export async function countUpTo(
  manager: EntityManager,
  from: string,
  parameters: readonly unknown[],
): Promise<number> {
  const found = await firstRow<{ count: number }>(
    manager,
    `SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${MAX_COUNT}) AS counted`,
    [...parameters],
  );
  return found?.count ?? 0;
}
