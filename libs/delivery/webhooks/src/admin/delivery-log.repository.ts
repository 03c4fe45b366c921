import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, rows } from '@countersign/database';
import type { WrittenEvent } from '@countersign/events';
import { IS_READ, READER } from '../delivery/fan-out.repository';
import { WebhookAttemptEntity } from '../webhook.entity';
import type { DeliveryFilter, DeliveryRow, ReplayRange } from './webhook';

/** `sequence` beside these, as text. */
const DELIVERY = columns<Omit<DeliveryRow, 'sequence'>>({
  eventId: 'uuid',
  occurredAt: 'timestamptz',
  subject: 'text',
  type: 'text',
  state: 'text',
  attempts: 'integer',
  dueAt: 'timestamptz',
  finishedAt: 'timestamptz',
});
const SELECTED = `sequence::text AS sequence, ${DELIVERY.selected}`;

/** Bounded by the rows that are examined: the only index is that of the order. */
const EXAMINED = `
  SELECT * FROM webhook_deliveries WHERE endpoint_id = $1 AND sequence < $2::bigint
  ORDER BY sequence DESC LIMIT $3`;

const MATCHES = `($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR type = $5)`;

const LIST = `
  WITH examined AS MATERIALIZED (${EXAMINED})
  SELECT ${SELECTED} FROM examined WHERE ${MATCHES} ORDER BY examined.sequence DESC LIMIT $6`;

/** The last sequence that is examined, where more follow. */
const FLOOR = `SELECT sequence::text AS sequence FROM (${EXAMINED}) AS examined ORDER BY examined.sequence LIMIT 1`;

/** By the instant too, which has an index: the id of an event has the milliseconds of it. */
const FIND = `
  SELECT ${SELECTED} FROM webhook_deliveries WHERE endpoint_id = $1 AND occurred_at = $2 AND event_id = $3`;

/** Of this endpoint alone. */
const ADD = `
  INSERT INTO webhook_deliveries
    (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7)`;

const RESET = `state = 'pending', attempts = 0, due_at = $2, finished_at = NULL`;

const REPLAY = `
  UPDATE webhook_deliveries AS delivery SET ${RESET}
  WHERE delivery.endpoint_id = $1 AND delivery.sequence = $3`;

/**
 * With the endpoint, now, the range, the position in it, how many events, the states, whether to add missed ones, the types
 * and the applications.
 */
const EXAMINED_EVENTS = `
  SELECT occurred_at, sequence, id, transaction, type, subject, application_ids FROM events
  WHERE occurred_at >= $3 AND occurred_at < $4 AND (occurred_at, sequence) > ($3, $5::bigint)
  ORDER BY occurred_at, sequence LIMIT $6`;

const IS_REPLAYED = `delivery.endpoint_id = $1 AND delivery.sequence = event.sequence AND delivery.state = ANY($7::text[])`;

/** Events that the fan-out has not read yet are no missed ones: it adds them itself. */
const MISSED = `
  SELECT event.* FROM examined AS event JOIN event_positions AS position ON position.id = '${READER}'
  WHERE $8::boolean AND event.type = ANY($9::text[]) AND ($10::uuid[] IS NULL OR event.application_ids && $10)
    AND ${IS_READ} AND NOT EXISTS (
      SELECT FROM webhook_deliveries AS delivery WHERE delivery.endpoint_id = $1 AND delivery.sequence = event.sequence)`;

const REPLAY_RANGE = `
  WITH examined AS MATERIALIZED (${EXAMINED_EVENTS}), again AS (
    UPDATE webhook_deliveries AS delivery SET ${RESET} FROM examined AS event WHERE ${IS_REPLAYED}
    RETURNING 1
  ), added AS (
    INSERT INTO webhook_deliveries
      (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
    SELECT $1::uuid, sequence, id, occurred_at, subject, type, 'pending', 0, $2 FROM (${MISSED}) AS missed
    ON CONFLICT DO NOTHING
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM again)::int + (SELECT count(*) FROM added)::int AS replayed,
    (SELECT count(*) FROM examined)::int AS examined,
    (SELECT last.occurred_at FROM examined AS last ORDER BY last.occurred_at DESC, last.sequence DESC LIMIT 1) AS "occurredAt",
    (SELECT last.sequence::text FROM examined AS last ORDER BY last.occurred_at DESC, last.sequence DESC LIMIT 1) AS sequence`;

const CLEAR = `
  DELETE FROM webhook_deliveries WHERE (endpoint_id, sequence) IN
    (SELECT endpoint_id, sequence FROM webhook_deliveries WHERE endpoint_id = $1 LIMIT $2)
  RETURNING 1`;

const CLEAR_ATTEMPTS = `
  DELETE FROM webhook_attempts WHERE id IN (SELECT id FROM webhook_attempts WHERE endpoint_id = $1 LIMIT $2)
  RETURNING 1`;

/** Rows of an endpoint below a sequence, the newest first. */
interface Examined {
  readonly endpointId: string;
  readonly below: string;
  readonly examined: number;
  readonly filter: DeliveryFilter;
}

/** A position in the events of a range. */
export interface EventPosition {
  readonly occurredAt: Date;
  readonly sequence: string;
}

/** A step through the events of a range. */
interface ReplayStep extends ReplayRange {
  readonly endpointId: string;
  readonly now: Date;
  readonly after: EventPosition;
  readonly limit: number;
  readonly types: readonly string[];
  readonly applicationIds: readonly string[] | null;
}

/** Endpoints with their deliveries and attempts, for operators. */
@Injectable()
export class DeliveryLogRepository {
  /** Creations of endpoints wait for each other until the end of the transaction, so that their number has a limit. */
  async lockCreation(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/webhook-endpoints']);
  }

  /** Newest first, at most `limit` of the rows that are examined. */
  async list(manager: EntityManager, wanted: Examined, limit: number): Promise<readonly DeliveryRow[]> {
    return rows<DeliveryRow>(manager, LIST, [...parametersOf(wanted), limit]);
  }

  /** The sequence of the last row that is examined; null without any. */
  async floor(manager: EntityManager, wanted: Examined): Promise<string | null> {
    const { endpointId, below, examined } = wanted;
    const found = await firstRow<{ sequence: string }>(manager, FLOOR, [endpointId, below, examined]);
    return found?.sequence ?? null;
  }

  async find(
    manager: EntityManager,
    endpointId: string,
    { eventId, occurredAt }: Pick<DeliveryRow, 'eventId' | 'occurredAt'>,
  ): Promise<DeliveryRow | null> {
    return firstRow<DeliveryRow>(manager, FIND, [endpointId, occurredAt, eventId]);
  }

  /** Newest first. */
  async attemptsOf(
    manager: EntityManager,
    endpointId: string,
    eventId: string,
    limit: number,
  ): Promise<readonly WebhookAttemptEntity[]> {
    return manager.find(WebhookAttemptEntity, {
      where: { endpointId, eventId },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  async isStored(
    manager: EntityManager,
    { occurredAt, sequence }: Pick<DeliveryRow, 'occurredAt' | 'sequence'>,
  ): Promise<boolean> {
    const found = await firstRow(manager, 'SELECT 1 FROM events WHERE occurred_at = $1 AND sequence = $2', [
      occurredAt,
      sequence,
    ]);
    return found !== null;
  }

  /** A delivery that is due now. */
  async add(tx: EntityManager, endpointId: string, event: WrittenEvent, now: Date): Promise<void> {
    const { id, type, subject, occurredAt, sequence } = event;
    await tx.query(ADD, [endpointId, sequence, id, occurredAt, subject, type, now]);
  }

  /** Makes a delivery due now. */
  async replay(tx: EntityManager, endpointId: string, sequence: string, now: Date): Promise<void> {
    await tx.query(REPLAY, [endpointId, now, sequence]);
  }

  /** @returns how many are due now and the last event of the step; `null` at the end of the range */
  async replayRange(
    tx: EntityManager,
    { endpointId, now, before, after, limit, states, types, applicationIds }: ReplayStep,
  ): Promise<{
    readonly replayed: number;
    readonly last: EventPosition | null;
  }> {
    const parameters = [
      endpointId,
      now,
      after.occurredAt,
      before,
      after.sequence,
      limit,
      states,
      states.includes('missed'),
      types,
      applicationIds,
    ];
    const found = await firstRow<{ replayed: number; examined: number } & EventPosition>(
      tx,
      REPLAY_RANGE,
      parameters,
    );
    if (!found) throw new Error('a statement without rows');
    const { replayed, examined, occurredAt, sequence } = found;
    return { replayed, last: examined < limit ? null : { occurredAt, sequence } };
  }

  /** @returns how many rows were deleted: at most twice the limit */
  async clear(tx: EntityManager, endpointId: string, limit: number): Promise<number> {
    const deliveries = await rows(tx, CLEAR, [endpointId, limit]);
    const attempts = await rows(tx, CLEAR_ATTEMPTS, [endpointId, limit]);
    return deliveries.length + attempts.length;
  }
}

function parametersOf({ endpointId, below, examined, filter: { state, type } }: Examined): unknown[] {
  return [endpointId, below, examined, state ?? null, type ?? null];
}
