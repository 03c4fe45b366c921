import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import { MAX_COUNT, type CountResponse } from './count.response';

/**
 * Counts rows up to the cap.
 * @param from a statement from `FROM` on
 */
export async function countUpTo(
  manager: EntityManager,
  from: string,
  parameters: readonly unknown[],
): Promise<CountResponse> {
  const found = await firstRow<{ count: number }>(
    manager,
    `SELECT count(*)::int AS count FROM (SELECT 1 ${from} LIMIT ${MAX_COUNT + 1}) AS counted`,
    [...parameters],
  );
  const count = found?.count ?? 0;
  return { count: Math.min(count, MAX_COUNT), isCapped: count > MAX_COUNT };
}
