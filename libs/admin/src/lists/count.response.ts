import { ApiProperty } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';

export const MAX_COUNT = 10_000;

/** How many items a list has; more than 10,000 are not counted. */
export class CountResponse {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: MAX_COUNT,
    description: 'How many there are, at most 10000.',
    example: 42,
  })
  count: number;

  @ApiProperty({ description: 'Whether there are more than `count`.', example: false })
  isCapped: boolean;
}

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
