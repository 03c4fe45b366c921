import { table } from '../table.mjs';
import { SESSIONS_PER_USER } from './lives.mjs';

/** Partitioned tables count with all of their partitions. */
const SIZES = `
  WITH parts AS (
    SELECT parent.relname AS name, tree.relid
    FROM pg_class parent, pg_partition_tree(parent.oid) tree
    WHERE parent.oid = ANY($1::regclass[])
  ), indexes AS (
    SELECT p.name, COALESCE(pg_partition_root(i.indexrelid), i.indexrelid)::regclass::text AS index,
      sum(pg_relation_size(i.indexrelid)) AS bytes
    FROM parts p JOIN pg_index i ON i.indrelid = p.relid GROUP BY 1, 2
  )
  SELECT name AS relation, NULL AS index, sum(pg_table_size(relid))::float8 AS bytes FROM parts GROUP BY name
  UNION ALL SELECT name, index, bytes::float8 FROM indexes
  ORDER BY 1, 2 NULLS FIRST`;

const PLAIN = `
  SELECT c.relname AS relation, NULL AS index, pg_table_size(c.oid)::float8 AS bytes
  FROM pg_class c WHERE c.oid = ANY($1::regclass[])
  UNION ALL
  SELECT c.relname, i.indexrelid::regclass::text, pg_relation_size(i.indexrelid)::float8
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.oid = ANY($1::regclass[])
  ORDER BY 1, 2 NULLS FIRST`;

/**
 * @param {import('pg').Client} client
 * @param {number} users
 * @returns {Promise<string>} what everything takes on disk, all together, per person and per session
 */
export async function describeSizes(client, users) {
  const plain = await client.query(PLAIN, [['users', 'identities', 'identity_digests', 'sessions']]);
  const partitioned = await client.query(SIZES, [['proofs', 'audit_records']]);
  const found = [...plain.rows, ...partitioned.rows];
  const total = found.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = (name, bytes) => [
    name,
    mebibytes(bytes),
    (bytes / users).toFixed(0),
    (bytes / users / SESSIONS_PER_USER).toFixed(0),
  ];
  return table(
    ['what', ' MiB', ' bytes per user', ' bytes per session'],
    [
      ...found.map(({ relation, index, bytes }) => line(index ? `- ${index}` : `**${relation}**`, bytes)),
      line('all of it', total),
    ],
  );
}

function mebibytes(bytes) {
  return (bytes / 1024 / 1024).toFixed(1);
}
