import { table } from '../report/table.mjs';

/** Partitioned tables count with all of their partitions. */
const SIZES = `
  WITH parts AS (
    SELECT parent.relname AS name, parent.oid AS root, tree.relid
    FROM pg_class parent, pg_partition_tree(parent.oid) tree
    WHERE parent.oid = ANY($1::regclass[]) AND parent.relkind = 'p'
    UNION ALL SELECT relname, oid, oid FROM pg_class WHERE oid = ANY($1::regclass[]) AND relkind = 'r'
  ), rows AS (
    SELECT p.name, sum(greatest(c.reltuples, 0)) AS rows
    FROM parts p JOIN pg_class c ON c.oid = p.relid AND c.relkind = 'r' GROUP BY p.name
  ), sizes AS (
    SELECT name, NULL AS index, sum(pg_table_size(relid)) AS bytes FROM parts GROUP BY name
    UNION ALL
    SELECT p.name, coalesce(pg_partition_root(i.indexrelid), i.indexrelid)::regclass::text,
      sum(pg_relation_size(i.indexrelid))
    FROM parts p JOIN pg_index i ON i.indrelid = p.relid GROUP BY 1, 2
  )
  SELECT name AS relation, index, bytes::float8, rows::float8 FROM sizes JOIN rows USING (name)
  ORDER BY 1, 2 NULLS FIRST`;

const OF_USERS = ['users', 'identities', 'identity_digests'];
const OF_SESSIONS = ['sessions'];
const OF_TRACES = ['proofs', 'audit_records'];

/**
 * A table, or an index of it.
 *
 * @typedef {{ relation: string, index: string | null, bytes: number, rows: number }} Size
 */

/** @param {import('pg').Client} client @returns {Promise<Size[]>} */
export async function readSizes(client) {
  const { rows } = await client.query(SIZES, [[...OF_USERS, ...OF_SESSIONS, ...OF_TRACES]]);
  return rows;
}

/**
 * @param {Size[]} sizes
 * @returns {string} what everything takes on disk, all together, per row, per person and per session
 */
export function describeSizes(sizes) {
  const bytesOf = (relations) =>
    sizes.filter(({ relation }) => relations.includes(relation)).reduce((sum, { bytes }) => sum + bytes, 0);
  const rowsOf = (name) => sizes.find(({ relation }) => relation === name)?.rows ?? 0;
  const line = (name, bytes, rows) => [name, mebibytes(bytes), String(rows), (bytes / rows).toFixed(0)];
  const users = rowsOf('users');
  const sessions = rowsOf('sessions');
  return table(
    ['what', ' MiB', ' rows', ' bytes for each'],
    [
      ...sizes.map(({ relation, index, bytes, rows }) =>
        line(index ? `- ${index}` : `**${relation}**`, bytes, rows),
      ),
      line('a person, with all indexes', bytesOf(OF_USERS), users),
      line('a session, with all indexes', bytesOf(OF_SESSIONS), sessions),
      line('proofs and audit records, for each session', bytesOf(OF_TRACES), sessions),
      line('all of it, for each person', bytesOf([...OF_USERS, ...OF_SESSIONS, ...OF_TRACES]), users),
    ],
  );
}

function mebibytes(bytes) {
  return (bytes / 1024 / 1024).toFixed(1);
}
