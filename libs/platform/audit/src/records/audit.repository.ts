import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columnsOf, firstRow, rows, type RowOf } from '@countersign/database';
import { AuditRecord } from './audit-record.entity';

/** A record as it is read; the transaction that wrote it is no part of it. */
export const RECORD = columnsOf(AuditRecord).omit('xid');
export type StoredRecord = RowOf<typeof RECORD>;

const EVENT = RECORD.omit('occurredAt', 'action');
export type AuditRow = RowOf<typeof EVENT>;

/** With the instant, the action, and the batch of `EVENT`. */
const INSERT = `
  INSERT INTO audit_records (occurred_at, action, ${EVENT.names})
  SELECT $1::timestamptz, $2::text, event.* FROM (${EVENT.unnest(3)}) AS event`;

/** Whose records, and from which instants. */
export interface AuditQuery {
  readonly from: Date;
  readonly before: Date;
  /** Actors or subjects. */
  readonly names: readonly string[];
}

const LISTED = RECORD.omit('id', 'requestId');
/** What a person sees of a record. */
export type ListedRecord = RowOf<typeof LISTED>;

const LIST = `
  SELECT ${LISTED.selected} FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at < $2 AND (actor = ANY($3::text[]) OR subject = ANY($3))
  ORDER BY occurred_at, id`;

const NEWEST = `
  SELECT ${LISTED.selected} FROM audit_records
  WHERE occurred_at >= $1 AND action = $2 ORDER BY occurred_at DESC, id DESC LIMIT 1`;

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

  async newest(manager: EntityManager, action: string, from: Date): Promise<ListedRecord | null> {
    return firstRow(manager, NEWEST, [from, action]);
  }

  async list(manager: EntityManager, { from, before, names }: AuditQuery): Promise<readonly ListedRecord[]> {
    return rows(manager, LIST, [from, before, names]);
  }
}
