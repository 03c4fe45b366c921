import { whileLoading } from './loading.mjs';

/** People below the person who asks: on nine levels, most of them far below. */
export const BELOW = 100_000;
const LEVELS = 10;
/** Each node has four below it: 100,000 of them are nine levels deep, and are counted up to ten. */
const PARENT = '((n - 1) / 4)';

/** Fills the tree of an application: `BELOW` nodes below the one of a user, and further trees of the same shape. */
export async function fillReferrals(client, { total, applicationId, userId }) {
  const { rows } = await client.query('SELECT id FROM referral_nodes WHERE user_id = $1', [userId]);
  const root = BigInt(rows[0].id);
  await whileLoading(client, 'referral_nodes, referral_paths, referral_codes', async () => {
    await client.query(`SELECT setval('referral_nodes_sequence', $1)`, [String(root + BigInt(2 * total))]);
    for (let tree = 0; tree < total / BELOW; tree += 1) {
      const first = root + BigInt(tree * (BELOW + 1));
      if (tree > 0)
        await client.query(
          `INSERT INTO referral_nodes (application_id, id, person_id, created_at) VALUES ($1, $2, $2, now())`,
          [applicationId, String(first)],
        );
      await client.query(
        `INSERT INTO referral_nodes (application_id, id, person_id, parent_id, source, created_at)
         SELECT $1, $2::bigint + n, $2::bigint + n, $2::bigint + ${PARENT}, 'start-param', now() FROM generate_series(1, ${BELOW}) AS n`,
        [applicationId, String(first)],
      );
      await insertPaths(client, String(first + 1n), String(first + BigInt(BELOW)));
    }
  });
}

async function insertPaths(client, from, to) {
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
