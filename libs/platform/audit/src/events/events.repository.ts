import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, type RowOf } from '@countersign/database';
import type { EventEntity } from './event.entity';

const EVENT = columns<Pick<EventEntity, 'id' | 'type' | 'subject' | 'applicationIds' | 'data'>>({
  id: 'uuid',
  type: 'text',
  subject: 'text',
  applicationIds: 'jsonb',
  data: 'jsonb',
});
export type EventRow = RowOf<typeof EVENT>;

const ADD = `
  INSERT INTO events (occurred_at, id, type, subject, application_ids, data)
  SELECT $1::timestamptz, event.id, event.type, event.subject,
    CASE WHEN jsonb_typeof(event.application_ids) = 'array'
      THEN ARRAY(SELECT jsonb_array_elements_text(event.application_ids)::uuid) END,
    event.data
  FROM (${EVENT.unnest(2)}) AS event`;

@Injectable()
export class EventsRepository {
  async insert(tx: EntityManager, occurredAt: Date, events: readonly EventRow[]): Promise<void> {
    await tx.query(ADD, [occurredAt, ...EVENT.arraysOf(events)]);
  }
}
