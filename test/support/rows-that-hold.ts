import type { TestDatabase } from './test-database';

/** The tables, also those of the job queue, with rows that hold one of the texts anywhere. */
export async function rowsThatHold(
  database: TestDatabase,
  texts: readonly string[],
): Promise<readonly string[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await database.query(
      `SELECT 1 FROM ${name} AS t WHERE EXISTS (
         SELECT FROM unnest($1::text[]) AS wanted WHERE strpos(t::text, wanted) > 0
       ) LIMIT 1`,
      [texts],
    );
    if (row) found.push(name);
  }
  return found;
}
