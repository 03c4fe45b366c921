import type { TestDatabase } from './test-database';

/** All rows of each table as text, those of the job queue too, by the name of the table. */
export async function dumpOfTables(
  database: Pick<TestDatabase, 'query'>,
): Promise<ReadonlyMap<string, string>> {
  const tables = await database.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    texts.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return texts;
}

export async function dumpOfDatabase(database: Pick<TestDatabase, 'query'>): Promise<string> {
  return [...(await dumpOfTables(database)).values()].join('\n');
}
