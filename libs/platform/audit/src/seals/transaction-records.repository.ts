import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, OLDEST_OPEN, rows } from '@countersign/database';
import type { AuditBlock } from './audit-block';
import { ENTRY_BYTES, ID_BYTES } from './block-leaves';
import type { AuthenticatedRecord } from '../records/record-encoding';

/** A record, with the transaction that wrote it. */
export interface TransactionRecord extends AuthenticatedRecord {
  readonly occurredAt: Date;
  readonly xid: string;
}

/** Bounds of transactions: below `xmin` all of this database have ended, from `xmax` on none has begun. */
export interface Horizon {
  readonly xmin: string;
  readonly xmax: string;
}

export interface TimeRange {
  readonly from: Date;
  /** The instant after the last one. */
  readonly before: Date;
}

/** A position in the order of a day. */
export interface SealPosition {
  readonly instant: string;
  readonly id: string;
}

/** `instant` has microseconds: the driver's dates have milliseconds. */
const RECORD_SELECTED = `COALESCE(to_char(r.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '') AS instant,
  r.occurred_at AS "occurredAt", r.id, r.action, r.actor, r.subject, r.application_id AS "applicationId",
  r.request_id AS "requestId", r.details, r.mac_key_id AS "macKeyId", r.mac, r.xid::text AS xid`;

// A visible row of a transaction that has not begun came from another cluster: by a backup that was restored here.
const SETTLED = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND (r.occurred_at, r.id) > ($3::timestamptz, $4::uuid)
    AND r.xid >= $5::bigint AND (r.xid < $6::bigint OR r.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  ORDER BY r.occurred_at, r.id LIMIT $7`;

const IN_ORDER = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND (r.occurred_at, r.id) > ($3::timestamptz, $4::uuid)
  ORDER BY r.occurred_at, r.id LIMIT $5`;

const OF_BLOCK = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND r.id = ANY($3::uuid[])
  ORDER BY r.occurred_at, r.id`;

// Of a leaf list only `leaves` is used, and only with its block of the chain: the other columns are not signed. Signed
// instants have milliseconds.
const UNSEALED = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND NOT EXISTS (
    SELECT FROM (
      SELECT encode(substring(l.leaves FROM entry * ${ENTRY_BYTES} + 1 FOR ${ID_BYTES}), 'hex')::uuid AS id, b.first_at,
        date_trunc('milliseconds', b.last_at) AS last_at
      FROM audit_blocks b JOIN audit_block_leaves l ON l.block = b.number,
        generate_series(0, length(l.leaves) / ${ENTRY_BYTES} - 1) AS entry
      WHERE b.number > 0 AND b.day = $3::date AND b.first_at < $2
        AND b.last_at >= $1::timestamptz - interval '1 millisecond'
    ) AS sealed
    WHERE sealed.id = r.id AND r.occurred_at >= sealed.first_at
      AND r.occurred_at < sealed.last_at + interval '1 millisecond')
  ORDER BY r.occurred_at, r.id LIMIT $4`;

const OUTSIDE = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE ($1::timestamptz IS NULL OR r.occurred_at >= $1) AND ($2::timestamptz IS NULL OR r.occurred_at < $2)
  ORDER BY r.occurred_at, r.id LIMIT $3`;

/** Records of the audit trail, as blocks seal them. */
@Injectable()
export class TransactionRecordsRepository {
  async horizon(manager: EntityManager): Promise<Horizon> {
    const found = await firstRow<Horizon>(
      manager,
      `SELECT (${OLDEST_OPEN})::text AS xmin, pg_snapshot_xmax(now_open)::text AS xmax
       FROM pg_current_snapshot() AS now_open`,
    );
    return found ?? { xmin: '0', xmax: '0' };
  }

  /** Settled records of a day after a position, in their order. */
  async settled(
    manager: EntityManager,
    { from, before }: TimeRange,
    { instant, id }: SealPosition,
    sealedBelow: string,
    { xmin }: Horizon,
    limit: number,
  ): Promise<readonly TransactionRecord[]> {
    return rows(manager, SETTLED, [from, before, instant, id, sealedBelow, xmin, limit]);
  }

  /** The records that a block lists, within its time. */
  async recordsOf(
    manager: EntityManager,
    { first, last }: AuditBlock,
    ids: readonly string[],
  ): Promise<readonly TransactionRecord[]> {
    if (!first || !last) return [];
    return rows(manager, OF_BLOCK, [first.occurredAt, new Date(last.occurredAt.getTime() + 1), ids]);
  }

  /** All visible records of a time after a position, in their order. */
  async after(
    manager: EntityManager,
    { from, before }: TimeRange,
    { instant, id }: SealPosition,
    limit: number,
  ): Promise<readonly TransactionRecord[]> {
    return rows(manager, IN_ORDER, [from, before, instant, id, limit]);
  }

  /** Records of a part of a day that no block lists. */
  async unsealed(
    manager: EntityManager,
    day: string,
    { from, before }: TimeRange,
    limit: number,
  ): Promise<readonly TransactionRecord[]> {
    return rows(manager, UNSEALED, [from, before, day, limit]);
  }

  /** Records of a time, in any partition. @param from null for the beginning @param before null for the end */
  async between(
    manager: EntityManager,
    from: Date | null,
    before: Date | null,
    limit: number,
  ): Promise<readonly TransactionRecord[]> {
    return rows(manager, OUTSIDE, [from, before, limit]);
  }

  /** The newest record of an action since an instant. */
  async newest(manager: EntityManager, action: string, from: Date): Promise<TransactionRecord | null> {
    return firstRow(
      manager,
      `SELECT ${RECORD_SELECTED} FROM audit_records r WHERE r.occurred_at >= $1 AND r.action = $2
       ORDER BY r.occurred_at DESC, r.id DESC LIMIT 1`,
      [from, action],
    );
  }

  /** The records of an action about some subjects. */
  async about(
    manager: EntityManager,
    action: string,
    subjects: readonly string[],
    { from, before }: TimeRange,
  ): Promise<readonly TransactionRecord[]> {
    return rows(
      manager,
      `SELECT ${RECORD_SELECTED} FROM audit_records r
       WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND r.action = $3 AND r.subject = ANY($4::text[])`,
      [from, before, action, subjects],
    );
  }

  /** The records that say that a day was dropped for its age. */
  async dropRecords(manager: EntityManager, day: string): Promise<readonly TransactionRecord[]> {
    return rows(
      manager,
      `SELECT ${RECORD_SELECTED} FROM audit_records r
       WHERE r.occurred_at >= $1::date::timestamp AT TIME ZONE 'UTC' AND r.action = 'audit.day_dropped' AND r.subject = $2`,
      [day, day],
    );
  }
}
