import { LessThan, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

interface Part {
  readonly afterId: string | null;
  readonly limit: number;
}

/** Rows with the newest ids first: one row more than the limit. */
export async function newestFirst<Row extends ObjectLiteral>(
  query: SelectQueryBuilder<Row>,
  column: string,
  { afterId, limit }: Part,
): Promise<readonly Row[]> {
  if (afterId !== null) query.andWhere(`${column} < :afterId`, { afterId });
  return query
    .orderBy(column, 'DESC')
    .limit(limit + 1)
    .getMany();
}

/** Like `newestFirst`, as options of `find`. @param where the values that rows must have */
export function newestOf<Where extends object>(
  { afterId, limit }: Part,
  where?: Where,
): { where: Where; order: { id: 'DESC' }; take: number } {
  return {
    where: { ...where, ...(afterId === null ? {} : { id: LessThan(afterId) }) } as Where,
    order: { id: 'DESC' },
    take: limit + 1,
  };
}
