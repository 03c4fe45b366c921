import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, OLDEST_OPEN } from '@countersign/database';

export const READER = 'webhooks';

/** Transaction ids and sequences, as PostgreSQL's `bigint` in text. */
export interface Position {
  readonly transaction: string;
  readonly sequence: string;
  /** Events up to this sequence are of an earlier cluster, and have been read. */
  readonly floor: string;
  /** The oldest transaction of this database that is open: the events of those below are complete. */
  readonly oldestOpen: string;
  /** The next transaction of this cluster. */
  readonly next: string;
}

/** The events of one step: those of transactions in `[from, before)`, of sequences in `(above, upTo]`. */
interface Range {
  readonly from: string;
  readonly before: string | null;
  readonly above: string;
  readonly upTo: string | null;
}

interface ReadEvents {
  readonly count: number;
  /** Of the deliveries that were added. */
  readonly added: number;
  /** The highest of both; `null` without events. */
  readonly transaction: string | null;
  readonly sequence: string | null;
}

const NEXT = 'pg_snapshot_xmax(pg_current_snapshot())::text::bigint';

/**
 * Whether the reader has read an event: `event` and `position` are their rows. While the position is one of an earlier
 * cluster, the transactions of this one are lower than it, and their events have higher sequences than those it has read.
 */
export const IS_READ = `(event.sequence <= position.floor OR event.transaction < position.transaction
  AND (position.transaction <= ${NEXT} OR event.sequence <= position.sequence))`;

/** With the reader. */
const UNREAD = `
  SELECT position.transaction > ${NEXT} OR EXISTS (
    SELECT FROM events AS event
    WHERE event.transaction >= position.transaction AND event.transaction < ${OLDEST_OPEN}
      AND event.sequence > position.floor
  ) AS "isUnread"
  FROM event_positions AS position WHERE position.id = $1`;

const LOCK = `SELECT transaction, sequence, floor FROM event_positions WHERE id = $1 FOR UPDATE SKIP LOCKED`;

/** By a statement after the lock: the snapshot of the lock can be older than the position that it finds. */
const BOUNDS = `SELECT ${OLDEST_OPEN} AS "oldestOpen", ${NEXT} AS next`;

/** With the floor. Events of this cluster that the statement sees have lower transactions than its snapshot ends with. */
const LAST_OF_EARLIER_CLUSTER = `
  SELECT max(sequence)::text AS sequence FROM events WHERE transaction >= ${NEXT} AND sequence > $1::bigint`;

/**
 * With the range, the limit, and the instant. All events of the last transaction are read, however many they are.
 */
const FAN_OUT = `
  WITH batch AS MATERIALIZED (
    SELECT transaction, sequence, id, occurred_at, subject, type, application_ids FROM events
    WHERE transaction >= $1::bigint AND ($2::bigint IS NULL OR transaction < $2::bigint)
      AND sequence > $3::bigint AND ($4::bigint IS NULL OR sequence <= $4::bigint)
    ORDER BY transaction FETCH FIRST ($5::int) ROWS WITH TIES
  ), added AS (
    INSERT INTO webhook_deliveries
      (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
    SELECT endpoint.id, batch.sequence, batch.id, batch.occurred_at, batch.subject, batch.type, 'pending', 0, $6::timestamptz
    FROM batch
    JOIN event_subscriptions AS subscription ON batch.type = ANY(subscription.types)
      AND (subscription.application_ids IS NULL OR subscription.application_ids && batch.application_ids)
    JOIN webhook_endpoints AS endpoint ON endpoint.id = subscription.subscriber_id
    ON CONFLICT (endpoint_id, sequence) DO NOTHING
    RETURNING 1
  )
  SELECT count(*)::int AS count, (SELECT count(*)::int FROM added) AS added,
    max(transaction)::text AS transaction, max(sequence)::text AS sequence
  FROM batch`;

const MOVE = `
  UPDATE event_positions SET transaction = $2::bigint, sequence = $3::bigint, floor = $4::bigint WHERE id = $1`;

/** The age in seconds of the first event that was not read; 0 without one. */
const LAG = `
  SELECT coalesce((
    SELECT extract(epoch FROM $2::timestamptz - event.occurred_at)::float8 FROM events AS event
    WHERE event.transaction >= position.transaction AND event.sequence > position.floor
    ORDER BY event.transaction, event.sequence LIMIT 1
  ), 0) AS seconds
  FROM event_positions AS position WHERE position.id = $1`;

@Injectable()
export class FanOutRepository {
  /** Whether there are complete events to read. */
  async isUnread(manager: EntityManager): Promise<boolean> {
    return (await firstRow<{ isUnread: boolean }>(manager, UNREAD, [READER]))?.isUnread === true;
  }

  /** Locks the position up to the end of the transaction; `null` while another replica has it. */
  async lock(tx: EntityManager): Promise<Position | null> {
    const locked = await firstRow<Pick<Position, 'transaction' | 'sequence' | 'floor'>>(tx, LOCK, [READER]);
    if (locked === null) return null;
    const bounds = await firstRow<Pick<Position, 'oldestOpen' | 'next'>>(tx, BOUNDS, []);
    if (bounds === null) throw new Error('a statement without rows');
    return { ...locked, ...bounds };
  }

  /** The highest sequence of events whose transaction this cluster has not reached; `null` without such events. */
  async lastOfEarlierCluster(tx: EntityManager, { floor }: Position): Promise<string | null> {
    const last = await firstRow<{ sequence: string | null }>(tx, LAST_OF_EARLIER_CLUSTER, [floor]);
    return last?.sequence ?? null;
  }

  async addDeliveries(tx: EntityManager, range: Range, limit: number, now: Date): Promise<ReadEvents> {
    const { from, before, above, upTo } = range;
    const read = await firstRow<ReadEvents>(tx, FAN_OUT, [from, before, above, upTo, limit, now]);
    return read ?? { count: 0, added: 0, transaction: null, sequence: null };
  }

  async move(tx: EntityManager, to: Pick<Position, 'transaction' | 'sequence' | 'floor'>): Promise<void> {
    await tx.query(MOVE, [READER, to.transaction, to.sequence, to.floor]);
  }

  /** Seconds since the oldest event that was not read; 0 without one. */
  async lagSeconds(manager: EntityManager, now: Date): Promise<number> {
    return Math.max(0, (await firstRow<{ seconds: number }>(manager, LAG, [READER, now]))?.seconds ?? 0);
  }
}
