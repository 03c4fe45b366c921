import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columnsOf, firstRow, rows, type RowOf } from '@countersign/database';
import { AuditRecord } from './audit-record.entity';

const RECORD = columnsOf(AuditRecord).omit('xid');
export type StoredRecord = RowOf<typeof RECORD>;

const EVENT = RECORD.omit('occurredAt', 'action');
export type AuditRow = RowOf<typeof EVENT>;

const INSERT = `
  INSERT INTO audit_records (occurred_at, action, ${EVENT.names})
  SELECT $1::timestamptz, $2::text, event.* FROM (${EVENT.unnest(3)}) AS event`;

export interface AuditQuery {
  readonly from: Date;
  readonly before: Date;
  readonly names: readonly string[];
}

const LISTED = RECORD.omit('id', 'requestId');
/** The fields of a record that a person sees. */
export type ListedRecord = RowOf<typeof LISTED>;

const LIST = `
  SELECT ${LISTED.selected} FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at < $2 AND (actor = ANY($3::text[]) OR subject = ANY($3))
  ORDER BY occurred_at, id`;

/** The condition must match that of the index `ix_audit_records_journal_sealed` word by word. */
const NEWEST_SEAL = `
  SELECT ${LISTED.selected} FROM audit_records
  WHERE occurred_at >= $1 AND action = 'custody.journal_sealed' ORDER BY occurred_at DESC LIMIT 1`;

export interface AuditFilter {
  readonly action: string | null;
  readonly actor: string | null;
  readonly subject: string | null;
  /** A person's names, as actor or subject. */
  readonly names: readonly string[] | null;
  readonly applicationId: string | null;
}

/** A position in the trail, which is ordered by instant and id. */
export interface AuditPosition {
  readonly occurredAt: Date;
  readonly id: string;
}

export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const WANTED = `
  ($5::text IS NULL OR action = $5) AND ($6::text IS NULL OR actor = $6) AND ($7::text IS NULL OR subject = $7)
  AND ($8::text[] IS NULL OR actor = ANY($8) OR subject = ANY($8)) AND ($9::uuid IS NULL OR application_id = $9)`;

// PostgreSQL prunes partitions only by the conditions on the instant, not by a row comparison.
const PAGE = `
  SELECT ${RECORD.selected} FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at <= $2 AND (occurred_at, id) < ($2, $3::uuid) AND ${WANTED}
  ORDER BY occurred_at DESC, id DESC LIMIT $4`;

const EXAMINED = `
  SELECT count(*)::int AS count, min(occurred_at) AS floor FROM (
    SELECT occurred_at FROM audit_records
    WHERE occurred_at >= $1 AND occurred_at <= $2 AND (occurred_at, id) < ($2, $3::uuid)
    ORDER BY occurred_at DESC, id DESC LIMIT $4) AS examined`;

/** Reads are bounded: the trail has an index of its order, and one of the seals of custody's journal. */
@Injectable()
export class AuditRepository {
  async insert(
    tx: EntityManager,
    { occurredAt, action }: Pick<AuditRecord, 'occurredAt' | 'action'>,
    events: readonly AuditRow[],
  ): Promise<void> {
    await tx.query(INSERT, [occurredAt, action, ...EVENT.arraysOf(events)]);
  }

  async earliest(manager: EntityManager): Promise<Date | null> {
    const found = await firstRow<{ at: Date | null }>(
      manager,
      'SELECT min(occurred_at) AS at FROM audit_records',
    );
    return found?.at ?? null;
  }

  async newestSeal(manager: EntityManager, from: Date): Promise<ListedRecord | null> {
    return firstRow(manager, NEWEST_SEAL, [from]);
  }

  async list(manager: EntityManager, { from, before, names }: AuditQuery): Promise<readonly ListedRecord[]> {
    return rows(manager, LIST, [from, before, names]);
  }

  async page(
    manager: EntityManager,
    from: Date,
    { occurredAt, id }: AuditPosition,
    limit: number,
    { action, actor, subject, names, applicationId }: AuditFilter,
  ): Promise<readonly StoredRecord[]> {
    return rows(manager, PAGE, [from, occurredAt, id, limit, action, actor, subject, names, applicationId]);
  }

  /** Counts the records before a position, up to `limit`, and returns the oldest instant among them. */
  async examine(
    manager: EntityManager,
    from: Date,
    { occurredAt, id }: AuditPosition,
    limit: number,
  ): Promise<{ readonly count: number; readonly floor: Date | null }> {
    const found = await firstRow<{ count: number; floor: Date | null }>(manager, EXAMINED, [
      from,
      occurredAt,
      id,
      limit,
    ]);
    return found ?? { count: 0, floor: null };
  }
}
