import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, rows, type RowOf } from '@countersign/database';
import type { AuditRecord } from './audit-record.entity';

const EVENT = columns<Omit<AuditRecord, 'occurredAt' | 'action' | 'xid'>>({
  id: 'uuid',
  actor: 'text',
  subject: 'text',
  applicationId: 'uuid',
  details: 'jsonb',
  requestId: 'text',
});
export type AuditRow = RowOf<typeof EVENT>;

/** With the instant, the action, and the batch of `EVENT`. */
const RECORD = `
  INSERT INTO audit_records (occurred_at, action, ${EVENT.names})
  SELECT $1::timestamptz, $2::text, event.* FROM (${EVENT.unnest(3)}) AS event`;

/** Whose records, and from which instants. */
export interface AuditQuery {
  readonly from: Date;
  readonly before: Date;
  /** Actors or subjects. */
  readonly names: readonly string[];
}

const LIST = `
  SELECT occurred_at AS "occurredAt", action, actor, subject, application_id AS "applicationId", details
  FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at < $2 AND (actor = ANY($3::text[]) OR subject = ANY($3))
  ORDER BY occurred_at, id`;

const NEWEST = `
  SELECT occurred_at AS "occurredAt", action, actor, subject, application_id AS "applicationId", details
  FROM audit_records WHERE occurred_at >= $1 AND action = $2 ORDER BY occurred_at DESC, id DESC LIMIT 1`;

/** What a person sees of a record. */
export type ListedRecord = Pick<
  AuditRecord,
  'occurredAt' | 'action' | 'actor' | 'subject' | 'applicationId' | 'details'
>;

@Injectable()
export class AuditRepository {
  async insert(
    tx: EntityManager,
    { occurredAt, action }: Pick<AuditRecord, 'occurredAt' | 'action'>,
    events: readonly AuditRow[],
  ): Promise<void> {
    await tx.query(RECORD, [occurredAt, action, ...EVENT.arraysOf(events)]);
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
