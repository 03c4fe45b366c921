/** People below the person who asks: on ten levels, most of them far below. */
export const BELOW = 100_000;
const LEVELS = 10;
/** Each place has three below it: 100,000 of them are ten levels deep. */
const PARENT = '((n - 1) / 3)';
/** While rows come in, nothing has to survive a crash. */
const WHILE_LOADING = { max_wal_size: '32GB', checkpoint_timeout: '1h', autovacuum: 'off' };

/**
 * Fills the tree of an application: `BELOW` places below one place, and as many trees of the same shape as there is room for.
 *
 * @param {import('pg').Client} client
 * @param {{ total: number, applicationId: string, userId: string }} town
 */
export async function fill(client, { total, applicationId, userId }) {
  await configure(client, WHILE_LOADING);
  await client.query('SET session_replication_role = replica');
  const { rows } = await client.query('SELECT id FROM referral_nodes WHERE user_id = $1', [userId]);
  const root = BigInt(rows[0].id);
  await client.query(`SELECT setval('referral_nodes_sequence', $1)`, [String(root + BigInt(2 * total))]);
  for (let tree = 0; tree < total / BELOW; tree += 1) {
    const first = root + BigInt(tree * (BELOW + 1));
    if (tree > 0) await insertNode(client, applicationId, first);
    await client.query(
      `INSERT INTO referral_nodes (application_id, id, person_id, parent_id, source, created_at)
       SELECT $1, $2::bigint + n, $2::bigint + n, $2::bigint + ${PARENT}, 'start-param', now() FROM generate_series(1, ${BELOW}) AS n`,
      [applicationId, String(first)],
    );
    await insertPaths(client, first);
  }
  await client.query('RESET session_replication_role');
  await client.query('VACUUM (ANALYZE) referral_nodes, referral_paths, referral_codes');
  await client.query('CHECKPOINT');
  await configure(client, Object.fromEntries(Object.keys(WHILE_LOADING).map((name) => [name, null])));
}

async function insertNode(client, applicationId, id) {
  await client.query(
    `INSERT INTO referral_nodes (application_id, id, person_id, created_at) VALUES ($1, $2, $2, now())`,
    [applicationId, String(id)],
  );
}

async function insertPaths(client, first) {
  const [from, to] = [String(first + 1n), String(first + BigInt(BELOW))];
  await client.query(
    `INSERT INTO referral_paths (node_id, level, ancestor_id)
     SELECT id, 1, parent_id FROM referral_nodes WHERE id BETWEEN $1 AND $2`,
    [from, to],
  );
  for (let level = 2; level <= LEVELS; level += 1)
    await client.query(
      `INSERT INTO referral_paths (node_id, level, ancestor_id)
       SELECT paths.node_id, $3, nodes.parent_id FROM referral_paths paths
       JOIN referral_nodes nodes ON nodes.id = paths.ancestor_id
       WHERE paths.level = $3::smallint - 1 AND paths.node_id BETWEEN $1 AND $2 AND nodes.parent_id IS NOT NULL`,
      [from, to, level],
    );
}

async function configure(client, settings) {
  for (const [name, value] of Object.entries(settings))
    await client.query(
      value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`,
    );
  await client.query('SELECT pg_reload_conf()');
}
