import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { ALL_TYPES, type WebhookDeliveryEntity, type WebhookSecretEntity } from '../webhook.entity';

export type SecretRow = Pick<WebhookSecretEntity, 'endpointId' | 'id' | 'secret'>;

/** A delivery that this replica claimed. A result is recorded only while the row has this `dueAt`. */
export interface ClaimedRow extends Readonly<
  Pick<
    WebhookDeliveryEntity,
    'endpointId' | 'sequence' | 'eventId' | 'type' | 'occurredAt' | 'attempts' | 'dueAt'
  >
> {
  readonly url: string;
  /** It is null if the event is no longer stored. */
  readonly data: Readonly<Record<string, string | boolean>> | null;
}

export type DeliveryChange = Readonly<
  Pick<WebhookDeliveryEntity, 'state' | 'attempts' | 'dueAt' | 'finishedAt'>
>;

export interface NewAttempt {
  readonly outcome: string;
  readonly status: number | null;
}

/** The limit of parallel attempts to one endpoint. */
export const PER_ENDPOINT = 16;

/**
 * Parameters: now, the end of the lease, `PER_ENDPOINT`, and for each endpoint this replica's attempts in flight.
 * Each endpoint has its own limit, so an endpoint that does not answer does not slow down the others.
 */
const CLAIM = `
  WITH claimed AS (
    UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = $2::timestamptz
    WHERE ctid = ANY(ARRAY(
      SELECT due.ctid FROM webhook_endpoints AS endpoint
      LEFT JOIN unnest($4::uuid[], $5::int[]) AS running (endpoint_id, count) ON running.endpoint_id = endpoint.id
      CROSS JOIN LATERAL (
        SELECT ctid FROM webhook_deliveries
        WHERE endpoint_id = endpoint.id AND state = 'pending' AND due_at <= $1::timestamptz
        ORDER BY due_at LIMIT greatest(0, $3::int - coalesce(running.count, 0)) FOR UPDATE SKIP LOCKED
      ) AS due
      WHERE endpoint.status = 'active'
    ))
    RETURNING *
  )
  SELECT claimed.endpoint_id AS "endpointId", endpoint.url, claimed.sequence::text, claimed.event_id AS "eventId", claimed.type,
    claimed.occurred_at AS "occurredAt", claimed.attempts, claimed.due_at AS "dueAt", event.data
  FROM claimed JOIN webhook_endpoints AS endpoint ON endpoint.id = claimed.endpoint_id
  LEFT JOIN LATERAL (
    SELECT data FROM events WHERE occurred_at = claimed.occurred_at AND sequence = claimed.sequence LIMIT 1
  ) AS event ON true`;

/** The newest secret is first, for receivers that read only one signature. */
const SECRETS = `
  SELECT endpoint_id AS "endpointId", id, secret FROM webhook_secrets
  WHERE endpoint_id = ANY($1::uuid[]) AND coalesce(expires_at > $2::timestamptz, true)
  ORDER BY created_at DESC, id DESC`;

const CHANGE = `
  UPDATE webhook_deliveries
  SET state = $4, attempts = $5::int, due_at = $6::timestamptz, finished_at = $7::timestamptz,
    last_outcome = coalesce($8, last_outcome), last_status = CASE WHEN $8::text IS NULL THEN last_status ELSE $9::int END
  WHERE endpoint_id = $1::uuid AND event_id = $2::uuid AND state = 'pending' AND due_at = $3::timestamptz
  RETURNING 1`;

const LATER_DELIVERED = `
  SELECT 1 FROM webhook_deliveries WHERE endpoint_id = $1::uuid AND event_id > $2::uuid AND state = 'delivered' LIMIT 1`;

const STATES = `
  SELECT CASE WHEN status = 'disabled' THEN 'disabled_' || disabled_reason ELSE 'active' END AS state, count(*)::int AS count
  FROM webhook_endpoints GROUP BY 1`;

/** The statement probes an index once for each active endpoint. */
const LAG = `
  SELECT coalesce(max(extract(epoch FROM $1::timestamptz - first.due_at)), 0)::float8 AS seconds
  FROM webhook_endpoints AS endpoint
  CROSS JOIN LATERAL (
    SELECT due_at FROM webhook_deliveries WHERE endpoint_id = endpoint.id AND state = 'pending' ORDER BY due_at LIMIT 1
  ) AS first
  WHERE endpoint.status = 'active'`;

/** Parameters: the instant and the ids of the events. A test event goes only to the endpoint under test. */
const ADD = `
  INSERT INTO webhook_deliveries (endpoint_id, event_id, sequence, occurred_at, subject, type, state, attempts, due_at)
  SELECT endpoint.id, event.id, event.sequence, event.occurred_at, event.subject, event.type, 'pending', 0, event.occurred_at
  FROM events AS event JOIN webhook_endpoints AS endpoint ON endpoint.status = 'active' AND CASE event.type
    WHEN 'webhook.test' THEN endpoint.id::text = event.data->>'endpointId'
    ELSE endpoint.types && ARRAY[event.type, '${ALL_TYPES}']
      AND (endpoint.application_ids IS NULL OR endpoint.application_ids && event.application_ids)
  END
  WHERE event.occurred_at = $1 AND event.id = ANY($2::uuid[])`;

const CLEARED = 5_000;
const CLEAR = `
  DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN
    (SELECT endpoint_id, event_id FROM webhook_deliveries WHERE endpoint_id = $1 LIMIT $2)
  RETURNING 1`;

@Injectable()
export class DeliveryRepository {
  async add(tx: EntityManager, occurredAt: Date, eventIds: readonly string[]): Promise<void> {
    await tx.query(ADD, [occurredAt, eventIds]);
  }

  /** Deletes a batch of the endpoint's deliveries. @returns whether more deliveries may be left */
  async clear(tx: EntityManager, endpointId: string): Promise<boolean> {
    return (await rows(tx, CLEAR, [endpointId, CLEARED])).length === CLEARED;
  }

  /** Creations of endpoints wait for each other, so that parallel calls cannot exceed the limit. */
  async lockCreation(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/webhook-endpoints']);
  }

  /** Claims due deliveries of active endpoints. No other replica can claim them before the lease ends. */
  async claim(
    tx: EntityManager,
    now: Date,
    leaseUntil: Date,
    running: ReadonlyMap<string, number>,
  ): Promise<ClaimedRow[]> {
    return rows(tx, CLAIM, [now, leaseUntil, PER_ENDPOINT, [...running.keys()], [...running.values()]]);
  }

  secrets(tx: EntityManager, endpointIds: readonly string[], now: Date): Promise<SecretRow[]> {
    return rows(tx, SECRETS, [endpointIds, now]);
  }

  /** @returns false if the lease ended or the delivery was replayed meanwhile; then nothing is recorded */
  async record(
    tx: EntityManager,
    { endpointId, eventId, dueAt: leaseUntil }: ClaimedRow,
    { state, attempts, dueAt, finishedAt }: DeliveryChange,
    attempt: NewAttempt | null,
  ): Promise<boolean> {
    const change = [endpointId, eventId, leaseUntil, state, attempts, dueAt, finishedAt];
    const last = [attempt?.outcome ?? null, attempt?.status ?? null];
    return (await firstRow(tx, CHANGE, [...change, ...last])) !== null;
  }

  async hasDeliveredLater(tx: EntityManager, { endpointId, eventId }: ClaimedRow): Promise<boolean> {
    return (await firstRow(tx, LATER_DELIVERED, [endpointId, eventId])) !== null;
  }

  async states(manager: EntityManager): Promise<Readonly<Record<string, number>>> {
    const found = await rows<{ state: string; count: number }>(manager, STATES);
    return Object.fromEntries(found.map(({ state, count }) => [state, count]));
  }

  async lagSeconds(manager: EntityManager, now: Date): Promise<number> {
    return Math.max(0, (await firstRow<{ seconds: number }>(manager, LAG, [now]))?.seconds ?? 0);
  }
}
