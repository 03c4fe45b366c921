/** Partitioned tables count with all of their partitions. */
const SIZES = `
  WITH parts AS (
    SELECT parent.relname AS name, tree.relid
    FROM pg_class parent, pg_partition_tree(parent.oid) tree
    WHERE parent.oid = ANY($1::regclass[]) AND parent.relkind = 'p'
    UNION ALL SELECT relname, oid FROM pg_class WHERE oid = ANY($1::regclass[]) AND relkind = 'r'
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
const TABLES = ['users', 'identities', 'identity_digests', 'sessions', 'proofs', 'audit_records'];

/** @returns tables and their indexes */
export async function readSizes(client) {
  return (await client.query(SIZES, [TABLES])).rows;
}
