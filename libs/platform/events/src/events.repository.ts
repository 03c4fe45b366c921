import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, type RowOf } from '@countersign/database';
import type { EventEntity } from './event.entity';

const EVENT = columns<Pick<EventEntity, 'id' | 'type' | 'subject' | 'applicationIds' | 'data'>>({
  id: 'uuid',
  type: 'text',
  subject: 'text',
  applicationIds: 'jsonb',
  data: 'jsonb',
});
export type EventRow = RowOf<typeof EVENT>;

/** With the instant, and the batch of `EVENT`. */
const ADD = `
  INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
  SELECT pg_current_xact_id()::text::bigint, $1::timestamptz, event.id, event.type, event.subject,
    CASE WHEN jsonb_typeof(event.application_ids) = 'array'
      THEN ARRAY(SELECT jsonb_array_elements_text(event.application_ids)::uuid) END,
    event.data
  FROM (${EVENT.unnest(2)}) AS event`;

const ADD_ONE = `${ADD} RETURNING sequence::text AS sequence`;

/** Writes nothing where the types are there: a row that is written is announced to all replicas. */
const ADD_TYPES = `
  UPDATE event_subscriptions SET types = ARRAY(SELECT DISTINCT unnest(types || $2::text[]))
  WHERE subscriber_id = $1 AND NOT types @> $2::text[]`;

@Injectable()
export class EventsRepository {
  async insert(tx: EntityManager, occurredAt: Date, events: readonly EventRow[]): Promise<void> {
    await tx.query(ADD, [occurredAt, ...EVENT.arraysOf(events)]);
  }

  /** @returns its sequence */
  async insertOne(tx: EntityManager, occurredAt: Date, event: EventRow): Promise<string> {
    const added = await firstRow<{ sequence: string }>(tx, ADD_ONE, [occurredAt, ...EVENT.arraysOf([event])]);
    if (!added) throw new Error('the event was not written');
    return added.sequence;
  }

  async addTypes(tx: EntityManager, subscriberId: string, types: readonly string[]): Promise<void> {
    await tx.query(ADD_TYPES, [subscriberId, types]);
  }
}
