/**
 * SQL, `bigint`: the oldest open transaction of this database, or the next one of the cluster. No transaction below it
 * can still write here, and the statement sees all their writes. Only a transaction that is found in another database
 * is left out: any user of the server could keep one open there. The snapshot precedes the lists, which are read once
 * per transaction, so a second use would see old lists.
 */
export const OLDEST_OPEN = `coalesce((
  SELECT min(open.transaction::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS open (transaction)
  WHERE NOT EXISTS (
      SELECT FROM pg_stat_activity AS foreign_backend
      WHERE foreign_backend.backend_xid = open.transaction::xid AND foreign_backend.datname <> current_database())
    AND NOT EXISTS (
      SELECT FROM pg_prepared_xacts AS foreign_prepared
      WHERE foreign_prepared.transaction = open.transaction::xid AND foreign_prepared.database <> current_database())
), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)`;
