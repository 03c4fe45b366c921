import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan, type EntityManager } from 'typeorm';
import { firstRow, OLDEST_OPEN, rows } from '@countersign/database';
import { AuditBlockEntity } from './audit-block.entity';
import type { AuditBlock, BlockContent, BlockRange } from './audit-block';

const LOCK = 'countersign/audit-blocks';
const MAX_XID = '9223372036854775807';

// A snapshot below a former horizon is of another cluster, after a restore. Then only the age of records decides.
const HORIZON = `
  SELECT (CASE WHEN next_xid < $1::bigint THEN ${MAX_XID} ELSE GREATEST($1::bigint, ${OLDEST_OPEN}) END)::text AS horizon,
    next_xid::text AS "nextXid"
  FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_xid) AS snapshot`;

/**
 * SQL of type `timestamptz`: a lower bound for the records of transactions from a horizon on. Such a transaction began
 * after each block whose `nextXid` is not above the horizon. Its records are at most a minute older than its first
 * write: a statement waits for at most nine seconds, and two clocks differ by at most ten. Without such a block the
 * bound is an hour.
 * @param since, horizon, number SQL parameters: the bounds of the previous block, and the number of the block
 */
function oldestLate(since: string, horizon: string, number: string): string {
  return `greatest(${since}::timestamptz - interval '1 hour', least(${since}::timestamptz, coalesce(
    (SELECT signed_at - interval '1 minute' FROM audit_blocks
     WHERE number < ${number} AND next_xid <= ${horizon}::bigint ORDER BY number DESC LIMIT 1), '-infinity')))`;
}

/** The digest covers JSON of the database, whose order of members does not depend on how they were written. */
const RECORD = `jsonb_build_array((extract(epoch FROM occurred_at) * 1000000)::bigint, id, action, actor, subject,
  application_id, request_id, details)::text`;

// The first condition chooses the partitions when the statement is planned.
const CONTENT = `
  SELECT count(*)::int AS count, count(*) FILTER (WHERE occurred_at < $1)::int AS late, min(occurred_at) AS "firstAt",
    sha256(coalesce(string_agg(sha256(convert_to(${RECORD}, 'UTF8')), ''::bytea ORDER BY occurred_at, id), '')) AS records
  FROM audit_records
  WHERE occurred_at >= $1::timestamptz - interval '1 hour' AND occurred_at >= ${oldestLate('$1', '$2', '$5')}
    AND occurred_at < $3 AND xid < $4::bigint AND (occurred_at >= $1 OR xid >= $2::bigint)`;

const UNSIGNED = `
  SELECT min(occurred_at) AS at FROM audit_records
  WHERE occurred_at >= $1::timestamptz - interval '1 hour' AND occurred_at >= ${oldestLate('$1', '$2', '$4')}
    AND occurred_at < $3 AND (occurred_at >= $1 OR xid >= $2::bigint)`;

// A record does not prove its own time: a writer of the database chooses both columns. After an hour no transaction is
// open.
const SIGNED = `
  SELECT count(*)::int AS count FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at < $2
    AND (xid < $4::bigint OR occurred_at < $3::timestamptz - interval '1 hour')`;

@Injectable()
export class AuditBlocksRepository {
  /** Only one process makes a block at a time. @returns false when another process holds the lock */
  async tryLock(tx: EntityManager): Promise<boolean> {
    const found = await firstRow<{ locked: boolean }>(
      tx,
      'SELECT pg_try_advisory_xact_lock(hashtext($1)) AS locked',
      [LOCK],
    );
    return found?.locked === true;
  }

  /** Transactions below `horizon` have ended, those from `nextXid` on have not begun. @param former the last horizon */
  async horizon(tx: EntityManager, former: string): Promise<Pick<AuditBlock, 'horizon' | 'nextXid'>> {
    const found = await firstRow<Pick<AuditBlock, 'horizon' | 'nextXid'>>(tx, HORIZON, [former]);
    if (!found) throw new Error('a snapshot has a row');
    return found;
  }

  /** A fast clock dated a block into the future. Later records may be older, so its `nextXid` is no bound. */
  async unbindAfter(tx: EntityManager, now: Date): Promise<void> {
    await tx.update(AuditBlockEntity, { signedAt: MoreThan(now) }, { nextXid: MAX_XID });
  }

  async contentOf(
    manager: EntityManager,
    { number, since, sinceHorizon, before, horizon }: BlockRange,
  ): Promise<BlockContent> {
    const found = await firstRow<BlockContent>(manager, CONTENT, [
      since,
      sinceHorizon,
      before,
      horizon,
      number,
    ]);
    if (!found) throw new Error('a count has a row');
    return found;
  }

  /** The oldest record before an instant that is newer than the last block. */
  async oldestUnsigned(
    manager: EntityManager,
    { number, before: since, horizon }: Pick<BlockRange, 'number' | 'before' | 'horizon'>,
    before: Date,
  ): Promise<Date | null> {
    const parameters = [since, horizon, before, number + 1];
    return (await firstRow<{ at: Date | null }>(manager, UNSIGNED, parameters))?.at ?? null;
  }

  /** Counts the records that blocks must contain. It leaves out records of transactions that may be open. */
  async countSigned(
    manager: EntityManager,
    from: Date,
    to: Date,
    { before, horizon }: BlockRange,
  ): Promise<number> {
    const found = await firstRow<{ count: number }>(manager, SIGNED, [from, to, before, horizon]);
    return found?.count ?? 0;
  }

  /** The days that were dropped for their age. The trail must say so at a time when they had this age. */
  async droppedDays(manager: EntityManager): Promise<readonly string[]> {
    const found = await rows<{ day: string }>(
      manager,
      `SELECT subject AS day FROM audit_records
       WHERE action = 'audit.day_dropped' AND occurred_at >= to_date(subject, 'YYYY-MM-DD') + (details->>'retentionDays')::int`,
      [],
    );
    return found.map(({ day }) => day);
  }

  /** @param instant only blocks whose records are older; by default the last of all blocks */
  async last(manager: EntityManager, instant?: Date): Promise<AuditBlock | null> {
    const where = instant ? { before: LessThan(instant) } : {};
    return manager.findOne(AuditBlockEntity, { where, order: { number: 'DESC' } });
  }

  async find(manager: EntityManager, number: number): Promise<AuditBlock | null> {
    return manager.findOneBy(AuditBlockEntity, { number });
  }

  async after(manager: EntityManager, number: number, limit: number): Promise<readonly AuditBlock[]> {
    return manager.find(AuditBlockEntity, {
      where: { number: MoreThan(number) },
      order: { number: 'ASC' },
      take: limit,
    });
  }
}
