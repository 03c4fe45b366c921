type Values<Names extends string> = Readonly<Partial<Record<Names, string | undefined>>>;

/** The filters of a list: for a query of TypeORM, and for a count. */
export interface Matching<Names extends string> {
  readonly where: Partial<Record<Names, never>>;
  /** From `FROM` on. */
  readonly from: string;
  readonly values: readonly string[];
}

/** Rows whose columns have the given values. @param columns by the names of their properties */
export function matching<Names extends string>(
  table: string,
  columns: Readonly<Record<Names, string>>,
  filter: Values<Names>,
): Matching<Names> {
  const given = (Object.keys(columns) as Names[]).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [{ name, value }];
  });
  const conditions = given.map(({ name }, index) => `${columns[name]} = $${index + 1}`);
  return {
    where: Object.fromEntries(given.map(({ name, value }) => [name, value])) as Partial<Record<Names, never>>,
    from: `FROM ${table}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`,
    values: given.map(({ value }) => value),
  };
}
