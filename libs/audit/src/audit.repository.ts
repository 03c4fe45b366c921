import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, type RowOf } from '@countersign/database';
import type { AuditRecord } from './audit-record.entity';

const EVENT = columns<Omit<AuditRecord, 'occurredAt' | 'action'>>({
  id: 'uuid',
  actor: 'text',
  subject: 'text',
  applicationId: 'uuid',
  details: 'jsonb',
});
export type AuditRow = RowOf<typeof EVENT>;

/** With the instant, the action, and the batch of `EVENT`. */
const RECORD = `
  INSERT INTO audit_records (occurred_at, action, ${EVENT.names})
  SELECT $1::timestamptz, $2::text, event.* FROM (${EVENT.unnest(3)}) AS event`;

@Injectable()
export class AuditRepository {
  async insert(
    tx: EntityManager,
    { occurredAt, action }: Pick<AuditRecord, 'occurredAt' | 'action'>,
    events: readonly AuditRow[],
  ): Promise<void> {
    await tx.query(RECORD, [occurredAt, action, ...EVENT.arraysOf(events)]);
  }
}
