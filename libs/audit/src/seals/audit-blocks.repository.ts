import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, rows } from '@countersign/database';
import type { AuditBlock } from './audit-block';
import type { AuditBlockEntity } from './audit-block.entity';
import { ENTRY_BYTES, ID_BYTES } from './block-leaves';
import { AuditDayEntity, AuditRetentionEntity } from './audit-sealing.entities';
import type { AuthenticatedRecord } from './record-encoding';

/** A record, with the transaction that wrote it. */
export interface TransactionRecord extends AuthenticatedRecord {
  readonly occurredAt: Date;
  readonly xid: string;
}

/** Bounds of transactions: below `xmin` all have ended, from `xmax` on none has begun. */
export interface Horizon {
  readonly xmin: string;
  readonly xmax: string;
}

/** A place in the order of a day. */
export interface SealPosition {
  readonly instant: string;
  readonly id: string;
}

/** A block with the list of its records, if it is there. */
export interface StoredBlock {
  readonly block: AuditBlock;
  readonly leaves: Buffer | null;
}

/** The list of records of a block, and which transactions wrote them. */
export interface StoredLeaves {
  readonly block: number;
  readonly day: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lowestXid: string;
  readonly highestXid: string;
  readonly leaves: Buffer;
}

const BLOCK = columns<AuditBlockEntity>({
  number: 'integer',
  day: 'date',
  recordCount: 'integer',
  firstAt: 'timestamptz',
  firstId: 'uuid',
  lastAt: 'timestamptz',
  lastId: 'uuid',
  root: 'bytea',
  previous: 'bytea',
  sealedAt: 'timestamptz',
  keyId: 'text',
  newKeyId: 'text',
  newPublicKey: 'bytea',
  signature: 'bytea',
});
/** A `date` is read as text: the driver would make an instant of it. */
const BLOCK_SELECTED = `b.number, to_char(b.day, 'YYYY-MM-DD') AS day, b.record_count AS "recordCount",
  b.first_at AS "firstAt", b.first_id AS "firstId", b.last_at AS "lastAt", b.last_id AS "lastId", b.root, b.previous,
  b.sealed_at AS "sealedAt", b.key_id AS "keyId", b.new_key_id AS "newKeyId", b.new_public_key AS "newPublicKey",
  b.signature`;

/** To the microsecond: the driver's instants have milliseconds. */
const RECORD_SELECTED = `COALESCE(to_char(r.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '') AS instant,
  r.occurred_at AS "occurredAt", r.id, r.action, r.actor, r.subject, r.application_id AS "applicationId",
  r.request_id AS "requestId", r.details, r.mac_key_id AS "macKeyId", r.mac, r.xid::text AS xid`;

// A visible row of a transaction that has not begun came from another cluster: by a backup that was restored here.
const SETTLED = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND (r.occurred_at, r.id) > ($3::timestamptz, $4::uuid)
    AND r.xid >= $5::bigint AND (r.xid < $6::bigint OR r.xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  ORDER BY r.occurred_at, r.id LIMIT $7`;

const OLDEST_WAITING = `
  SELECT min(r.occurred_at) AS at FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.xid >= $2::bigint AND r.xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;

const OF_BLOCK = `
  SELECT ${RECORD_SELECTED} FROM audit_records r
  WHERE r.occurred_at >= $1 AND r.occurred_at < $2 AND r.id = ANY($3::uuid[])
  ORDER BY r.occurred_at, r.id`;

// Of a list only the leaves count, and only with a block of the chain: the rest of it is not
// signed. A signature has milliseconds.
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

// As text: eight digits need not be a day.
const DAYS = `
  SELECT regexp_replace(right(child.relname, 8), '^(....)(..)', '\\1-\\2-') AS day,
    COALESCE(state.sealed_below, 0)::text AS "sealedBelow", COALESCE(state.is_closed, false) AS "isClosed"
  FROM pg_inherits
  JOIN pg_class child ON child.oid = pg_inherits.inhrelid
  LEFT JOIN audit_days state ON to_char(state.day, 'YYYYMMDD') = right(child.relname, 8)
  WHERE pg_inherits.inhparent = to_regclass('audit_records') AND child.relname ~ '^audit_records_[0-9]{8}$'
  ORDER BY 1`;

const LOCK = 'countersign/audit-seals';

/** Blocks of the audit trail, and the records that they seal. */
@Injectable()
export class AuditBlocksRepository {
  /** Until the end of the transaction no other process makes a block. @returns false when one does already */
  async tryLock(tx: EntityManager): Promise<boolean> {
    const found = await firstRow<{ locked: boolean }>(
      tx,
      'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS locked',
      [LOCK],
    );
    return found?.locked === true;
  }

  async lock(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK]);
  }

  async horizon(manager: EntityManager): Promise<Horizon> {
    const found = await firstRow<Horizon>(
      manager,
      `SELECT pg_snapshot_xmin(now_open)::text AS xmin, pg_snapshot_xmax(now_open)::text AS xmax
       FROM pg_current_snapshot() AS now_open`,
    );
    return found ?? { xmin: '0', xmax: '0' };
  }

  /** The days that have a partition, and how far each of them is sealed. */
  async days(manager: EntityManager): Promise<readonly AuditDayEntity[]> {
    return (await rows<AuditDayEntity>(manager, DAYS)).filter(({ day }) => isDay(day));
  }

  async saveDay(tx: EntityManager, { day, sealedBelow, isClosed }: AuditDayEntity): Promise<void> {
    await tx.upsert(AuditDayEntity, { day, sealedBelow, isClosed }, ['day']);
  }

  async reopen(tx: EntityManager, day: string): Promise<void> {
    await this.saveDay(tx, { day, sealedBelow: '0', isClosed: false });
  }

  /** Settled records of a day after a position, in their order. */
  async settled(
    manager: EntityManager,
    { from, before }: { readonly from: Date; readonly before: Date },
    { instant, id }: SealPosition,
    sealedBelow: string,
    { xmin }: Horizon,
    limit: number,
  ): Promise<readonly TransactionRecord[]> {
    return rows(manager, SETTLED, [from, before, instant, id, sealedBelow, xmin, limit]);
  }

  /** The first record since an instant that an open transaction keeps out of blocks; null without one. */
  async oldestWaiting(manager: EntityManager, from: Date, { xmin }: Horizon): Promise<Date | null> {
    return (await firstRow<{ at: Date | null }>(manager, OLDEST_WAITING, [from, xmin]))?.at ?? null;
  }

  /** The lists of blocks that may hold one of these records already. */
  async overlapping(
    manager: EntityManager,
    day: string,
    records: readonly TransactionRecord[],
  ): Promise<readonly Buffer[]> {
    const xids = records.map(({ xid }) => BigInt(xid));
    const [lowest, highest] = [min(xids), max(xids)];
    const found = await rows<{ leaves: Buffer }>(
      manager,
      `SELECT l.leaves FROM audit_blocks b JOIN audit_block_leaves l ON l.block = b.number
       WHERE b.number > 0 AND b.day = $1::date AND l.lowest_xid <= $2::bigint AND l.highest_xid >= $3::bigint
         AND b.first_at <= $4 AND b.last_at >= $5`,
      [day, String(highest), String(lowest), records.at(-1)?.occurredAt, records[0]?.occurredAt],
    );
    return found.map(({ leaves }) => leaves);
  }

  async last(manager: EntityManager): Promise<AuditBlock | null> {
    return (await this.newest(manager, null, 1))[0] ?? null;
  }

  async first(manager: EntityManager): Promise<AuditBlock | null> {
    return (await this.after(manager, 0, 1))[0] ?? null;
  }

  /** Newest first. @param below null for all */
  async newest(manager: EntityManager, below: number | null, limit: number): Promise<readonly AuditBlock[]> {
    const found = await rows<AuditBlockEntity>(
      manager,
      `SELECT ${BLOCK_SELECTED} FROM audit_blocks b WHERE $1::integer IS NULL OR b.number < $1
       ORDER BY b.number DESC LIMIT $2`,
      [below, limit],
    );
    return found.map(toBlock);
  }

  /** In the order of their numbers. */
  async after(manager: EntityManager, number: number, limit: number): Promise<readonly AuditBlock[]> {
    const found = await rows<AuditBlockEntity>(
      manager,
      `SELECT ${BLOCK_SELECTED} FROM audit_blocks b WHERE b.number > $1 ORDER BY b.number LIMIT $2`,
      [number, limit],
    );
    return found.map(toBlock);
  }

  /** The blocks of a day after one of them, with their lists. */
  async ofDay(
    manager: EntityManager,
    day: string,
    after: number,
    limit: number,
  ): Promise<readonly StoredBlock[]> {
    const found = await rows<AuditBlockEntity & { readonly leaves: Buffer | null }>(
      manager,
      `SELECT ${BLOCK_SELECTED}, l.leaves FROM audit_blocks b LEFT JOIN audit_block_leaves l ON l.block = b.number
       WHERE b.day = $1::date AND b.number > $2 ORDER BY b.number LIMIT $3`,
      [day, after, limit],
    );
    return found.map(({ leaves, ...block }) => ({ block: toBlock(block), leaves }));
  }

  /** @throws when another process made a block of this number */
  async insert(tx: EntityManager, block: AuditBlock, leaves: StoredLeaves | null): Promise<void> {
    await tx.query(
      `INSERT INTO audit_blocks (${BLOCK.names}) VALUES (${BLOCK.parameters()})`,
      BLOCK.valuesOf(toRow(block)),
    );
    if (!leaves) return;
    const { day, firstAt, lastAt, lowestXid, highestXid } = leaves;
    await tx.query(
      `INSERT INTO audit_block_leaves (block, day, first_at, last_at, lowest_xid, highest_xid, leaves)
       VALUES ($1, $2::date, $3, $4, $5::bigint, $6::bigint, $7)`,
      [leaves.block, day, firstAt, lastAt, lowestXid, highestXid, leaves.leaves],
    );
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

  /** Records of a part of a day that no block lists. */
  async unsealed(
    manager: EntityManager,
    day: string,
    { from, before }: { readonly from: Date; readonly before: Date },
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

  /** The records that say that a day was dropped for its age. */
  async dropRecords(manager: EntityManager, day: string): Promise<readonly TransactionRecord[]> {
    return rows(
      manager,
      `SELECT ${RECORD_SELECTED} FROM audit_records r
       WHERE r.occurred_at >= $1::date AND r.action = 'audit.day_dropped' AND r.subject = $2`,
      [day, day],
    );
  }

  /** Forgets how days were sealed whose records are gone. Their blocks stay. */
  async forgetBefore(tx: EntityManager, day: string): Promise<void> {
    await tx.query('DELETE FROM audit_block_leaves WHERE day < $1::date', [day]);
    await tx.query('DELETE FROM audit_days WHERE day < $1::date', [day]);
  }

  async retention(manager: EntityManager): Promise<number | null> {
    const found = await manager.findOneBy(AuditRetentionEntity, { id: 1 });
    return found?.days ?? null;
  }

  async saveRetention(tx: EntityManager, days: number): Promise<void> {
    await tx.upsert(AuditRetentionEntity, { id: 1, days }, ['id']);
  }
}

function toBlock(row: AuditBlockEntity): AuditBlock {
  const { number, day, recordCount, firstAt, firstId, lastAt, lastId, root, previous } = row;
  const { sealedAt, keyId, newKeyId, newPublicKey, signature } = row;
  return {
    number,
    day,
    count: recordCount,
    first: firstAt && firstId !== null ? { occurredAt: firstAt, id: firstId } : null,
    last: lastAt && lastId !== null ? { occurredAt: lastAt, id: lastId } : null,
    root,
    previous,
    sealedAt,
    keyId,
    newKey: newKeyId !== null && newPublicKey ? { keyId: newKeyId, publicKey: newPublicKey } : null,
    signature,
  };
}

function toRow(block: AuditBlock): AuditBlockEntity {
  const { number, day, count, first, last, root, previous, sealedAt, keyId, newKey, signature } = block;
  return {
    number,
    day,
    recordCount: count,
    firstAt: first?.occurredAt ?? null,
    firstId: first?.id ?? null,
    lastAt: last?.occurredAt ?? null,
    lastId: last?.id ?? null,
    root,
    previous,
    sealedAt,
    keyId,
    newKeyId: newKey?.keyId ?? null,
    newPublicKey: newKey?.publicKey ?? null,
    signature,
  };
}

function isDay(text: string): boolean {
  const start = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(text);
}

function min(values: readonly bigint[]): bigint {
  return values.reduce((least, value) => (value < least ? value : least), values[0] ?? 0n);
}

function max(values: readonly bigint[]): bigint {
  return values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n);
}
