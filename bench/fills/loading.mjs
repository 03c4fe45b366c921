/** While rows come in, nothing has to survive a crash: one checkpoint at the end is enough. */
const WHILE_LOADING = { max_wal_size: '32GB', checkpoint_timeout: '1h', autovacuum: 'off' };

/**
 * Fills tables without looking foreign keys up: the rows that they point to are made here too. `tables`: with commas
 * between them; all when empty.
 */
export async function whileLoading(client, tables, work) {
  await configure(client, WHILE_LOADING);
  await client.query('SET session_replication_role = replica');
  await work();
  await client.query('RESET session_replication_role');
  await client.query(`VACUUM (ANALYZE) ${tables}`);
  await client.query('CHECKPOINT');
  await configure(client, Object.fromEntries(Object.keys(WHILE_LOADING).map((name) => [name, null])));
}

/** `settings`: null for the default. */
export async function configure(client, settings) {
  for (const [name, value] of Object.entries(settings))
    await client.query(
      value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`,
    );
  await client.query('SELECT pg_reload_conf()');
}
