import { LessThan, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';

/** Which part of a list: rows below an id, at most `limit`. */
interface Part {
  readonly afterId: string | null;
  readonly limit: number;
}

/** A part of a list in the order of a column of ids, newest first: one row more than the limit. */
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

/** As `newestFirst`, as options of `find`: of rows by their `id`, with what each has to equal. */
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
