interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows of tables that a prepared statement reads with these values, those that a filter removed too. */
export async function rowsReadBy(
  query: (text: string) => Promise<unknown>,
  name: string,
  values: readonly unknown[],
): Promise<number> {
  const [row] = (await query(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${executed(name, values)}`)) as {
    'QUERY PLAN': readonly { readonly Plan: Plan }[];
  }[];
  return row?.['QUERY PLAN'].reduce((sum, { Plan: plan }) => sum + rowsOf(plan), 0) ?? 0;
}

/** A prepared statement with its values, as `EXECUTE` takes it. */
export function executed(name: string, values: readonly unknown[]): string {
  return values.length === 0 ? name : `${name}(${values.map(literal).join(', ')})`;
}

function literal(value: unknown): string {
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (Array.isArray(value))
    return `'{${value.map((one) => (one === null ? 'NULL' : `"${String(one)}"`)).join(',')}}'`;
  return value === null || value === undefined ? 'NULL' : `'${String(value)}'`;
}

function rowsOf(plan: Plan): number {
  const loops = plan['Actual Loops'] ?? 1;
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  const own = plan['Relation Name'] === undefined ? 0 : ((plan['Actual Rows'] ?? 0) + removed) * loops;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), own);
}
