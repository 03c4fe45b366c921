import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { columns, firstRow, rows, together, type RowOf } from '@countersign/database';
import { latestPlausibleDue } from '../longest-wait';
import type { WebhookAttemptEntity } from '../webhook-attempt.entity';
import type { DeliveryState } from '../webhook-delivery.entity';

/** An endpoint that may be called. */
export interface EndpointRow {
  readonly id: string;
  readonly url: string;
  readonly failingSince: Date | null;
  readonly warnedAt: Date | null;
}

export interface SecretRow {
  readonly id: string;
  readonly secret: Sealed;
}

/** A pending delivery with its event; `data` is null when the event is no longer stored. */
export interface PendingRow {
  readonly subject: string;
  readonly sequence: string;
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly data: EventData | null;
  readonly sealed: Sealed | null;
}

type EventData = Readonly<Record<string, string | boolean>>;

interface EndpointLoad {
  readonly id: string;
  /** When its first queue is due; `null` without one. */
  readonly dueAt: Date | null;
  readonly isPaused: boolean;
  /** Whether it has a queue that is due later than the longest wait: a wrong clock has written that. */
  readonly hasImplausibleDue: boolean;
}

export interface LeasedQueue {
  readonly endpointId: string;
  readonly subject: string;
  readonly lease: string;
  /** The earliest instant of the next attempt, also when a delivery is due before it; `null` without a limit. */
  readonly notBefore: Date | null;
}

/** The outcome of attempts of a delivery. */
export interface DeliveryChange {
  readonly endpointId: string;
  readonly sequence: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly finishedAt: Date | null;
}

const ATTEMPT = columns<WebhookAttemptEntity>({
  id: 'uuid',
  endpointId: 'uuid',
  eventId: 'uuid',
  attemptedAt: 'timestamptz',
  outcome: 'text',
  status: 'integer',
  durationMs: 'integer',
});
export type NewAttempt = Omit<RowOf<typeof ATTEMPT>, 'id'>;

const isPaused = (now: string): string =>
  `coalesce(endpoint.paused_until > ${now}::timestamptz AND endpoint.paused_until <= ${latestPlausibleDue(now)}, false)`;

/** With the instant. Two probes of an index for each active endpoint. */
const LOADS = `
  SELECT endpoint.id, first.due_at AS "dueAt", ${isPaused('$1')} AS "isPaused",
    coalesce((
      SELECT due_at FROM webhook_queues WHERE endpoint_id = endpoint.id AND due_at > '-infinity' ORDER BY due_at DESC LIMIT 1
    ) > ${latestPlausibleDue('$1')}, false) AS "hasImplausibleDue"
  FROM webhook_endpoints AS endpoint
  LEFT JOIN LATERAL (
    SELECT due_at FROM webhook_queues WHERE endpoint_id = endpoint.id AND due_at > '-infinity' ORDER BY due_at LIMIT 1
  ) AS first ON true
  WHERE endpoint.status = 'active'`;

/** With the endpoint, the instant, how many, the lease, and when that expires. */
const CLAIM = `
  UPDATE webhook_queues SET lease = $4::uuid, due_at = $5::timestamptz
  WHERE endpoint_id = $1::uuid AND subject = ANY(ARRAY(
    SELECT subject FROM webhook_queues WHERE endpoint_id = $1::uuid AND due_at <= $2::timestamptz AND due_at > '-infinity'
    ORDER BY due_at LIMIT $3::int FOR UPDATE SKIP LOCKED
  ))
  RETURNING subject`;

const ENDPOINT = `
  SELECT id, url, failing_since AS "failingSince", warned_at AS "warnedAt" FROM webhook_endpoints AS endpoint
  WHERE id = $1::uuid AND status = 'active' AND NOT ${isPaused('$2')}`;

/** With the instant. What such a queue is claimed with has ended, too. */
const HASTEN = `
  UPDATE webhook_queues AS queue SET lease = NULL, due_at = $1::timestamptz
  FROM (
    SELECT endpoint_id, subject FROM webhook_queues WHERE endpoint_id = ANY($2::uuid[]) AND due_at > ${latestPlausibleDue('$1')}
    FOR UPDATE SKIP LOCKED
  ) AS far
  WHERE queue.endpoint_id = far.endpoint_id AND queue.subject = far.subject`;

/** The newest first: a receiver that reads only one signature has the newest secret. */
const SECRETS = `
  SELECT id, secret FROM webhook_secrets
  WHERE endpoint_id = $1::uuid AND coalesce(expires_at > $2::timestamptz, true)
  ORDER BY created_at DESC, id DESC`;

/** With the endpoint, subjects, and how many of each. */
const PENDING = `
  SELECT pending.subject, pending.sequence::text, pending.event_id AS "eventId", pending.type,
    pending.occurred_at AS "occurredAt", pending.attempts, pending.due_at AS "dueAt", event.data, event.sealed
  FROM unnest($2::text[]) AS claimed (subject)
  CROSS JOIN LATERAL (
    SELECT * FROM webhook_deliveries
    WHERE endpoint_id = $1::uuid AND subject = claimed.subject AND state = 'pending'
    ORDER BY sequence LIMIT $3::int
  ) AS pending
  LEFT JOIN LATERAL (
    SELECT data, sealed FROM events WHERE occurred_at = pending.occurred_at AND sequence = pending.sequence LIMIT 1
  ) AS event ON true`;

/**
 * Endpoints, subjects and leases. The arrays bound what is read, however the tables are joined: a plan lasts as long as
 * its connection, and may have been made for empty tables. In the order in which queues are locked everywhere.
 */
const HOLD = `
  SELECT queue.endpoint_id AS "endpointId", queue.subject FROM webhook_queues AS queue
  JOIN unnest($1::uuid[], $2::text[], $3::uuid[]) AS mine (endpoint_id, subject, lease)
    ON queue.endpoint_id = mine.endpoint_id AND queue.subject = mine.subject AND queue.lease = mine.lease
  WHERE queue.endpoint_id = ANY($1::uuid[]) AND queue.subject = ANY($2::text[])
  ORDER BY queue.endpoint_id, queue.subject FOR UPDATE OF queue`;

const CHANGE = `
  UPDATE webhook_deliveries AS delivery
  SET state = change.state, attempts = change.attempts, due_at = change.due_at, finished_at = change.finished_at
  FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::int[], $5::timestamptz[], $6::timestamptz[])
    AS change (endpoint_id, sequence, state, attempts, due_at, finished_at)
  WHERE delivery.endpoint_id = change.endpoint_id AND delivery.sequence = change.sequence
    AND delivery.endpoint_id = ANY($1::uuid[]) AND delivery.sequence = ANY($2::bigint[])`;

const ADD_ATTEMPTS = `INSERT INTO webhook_attempts (${ATTEMPT.names}) ${ATTEMPT.unnest()}`;

/** Endpoints, subjects, and instants. */
const RELEASE = `
  WITH next AS MATERIALIZED (
    SELECT queue.endpoint_id, queue.subject, greatest(first.due_at, queue.not_before) AS due_at, first.due_at IS NULL AS is_empty
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS queue (endpoint_id, subject, not_before)
    LEFT JOIN LATERAL (
      SELECT due_at FROM webhook_deliveries
      WHERE endpoint_id = queue.endpoint_id AND subject = queue.subject AND state = 'pending'
      ORDER BY sequence LIMIT 1
    ) AS first ON true
  ), emptied AS (
    DELETE FROM webhook_queues AS queue USING next
    WHERE queue.endpoint_id = next.endpoint_id AND queue.subject = next.subject AND next.is_empty
      AND queue.endpoint_id = ANY($1::uuid[]) AND queue.subject = ANY($2::text[])
  )
  UPDATE webhook_queues AS queue SET lease = NULL, due_at = next.due_at FROM next
  WHERE queue.endpoint_id = next.endpoint_id AND queue.subject = next.subject AND NOT next.is_empty
    AND queue.endpoint_id = ANY($1::uuid[]) AND queue.subject = ANY($2::text[])`;

@Injectable()
export class DeliveryRepository {
  /** The active endpoints, and whether they have something to do. */
  loads(manager: EntityManager, now: Date): Promise<EndpointLoad[]> {
    return rows(manager, LOADS, [now]);
  }

  /** Makes queues of these endpoints due that are due later than the longest wait. */
  async makeDue(tx: EntityManager, endpointIds: readonly string[], now: Date): Promise<void> {
    await tx.query(HASTEN, [now, endpointIds]);
  }

  /** @returns the subjects of the queues that are claimed; another replica gets none of them before `expiresAt` */
  async claim(
    tx: EntityManager,
    {
      endpointId,
      now,
      limit,
      lease,
      expiresAt,
    }: {
      readonly endpointId: string;
      readonly now: Date;
      readonly limit: number;
      readonly lease: string;
      readonly expiresAt: Date;
    },
  ): Promise<readonly string[]> {
    const claimed = await rows<{ subject: string }>(tx, CLAIM, [endpointId, now, limit, lease, expiresAt]);
    return claimed.map(({ subject }) => subject);
  }

  /** `null` for an endpoint that is disabled, removed or paused. */
  endpoint(tx: EntityManager, id: string, now: Date): Promise<EndpointRow | null> {
    return firstRow(tx, ENDPOINT, [id, now]);
  }

  secrets(tx: EntityManager, endpointId: string, now: Date): Promise<SecretRow[]> {
    return rows(tx, SECRETS, [endpointId, now]);
  }

  /** The earliest deliveries of each subject. By a statement after that of the claim, which sees what earlier holders recorded. */
  pending(
    tx: EntityManager,
    endpointId: string,
    subjects: readonly string[],
    ofEach: number,
  ): Promise<PendingRow[]> {
    return rows(tx, PENDING, [endpointId, subjects, ofEach]);
  }

  /** Locks the queues that are still claimed, and answers them. */
  async hold<T extends Omit<LeasedQueue, 'notBefore'>>(
    tx: EntityManager,
    queues: readonly T[],
  ): Promise<readonly T[]> {
    const found = await rows<Pick<LeasedQueue, 'endpointId' | 'subject'>>(tx, HOLD, [
      queues.map(({ endpointId }) => endpointId),
      queues.map(({ subject }) => subject),
      queues.map(({ lease }) => lease),
    ]);
    const claimed = new Set(found.map(keyOf));
    return queues.filter((queue) => claimed.has(keyOf(queue)));
  }

  /** Records what became of deliveries whose queues are locked, and releases these. */
  async record(
    tx: EntityManager,
    queues: readonly LeasedQueue[],
    changes: readonly DeliveryChange[],
    attempts: readonly NewAttempt[],
  ): Promise<void> {
    await together(
      changes.length === 0 ? Promise.resolve() : tx.query(CHANGE, arraysOf(changes)),
      attempts.length === 0
        ? Promise.resolve()
        : tx.query(ADD_ATTEMPTS, ATTEMPT.arraysOf(attempts.map((attempt) => ({ ...attempt, id: uuidv7() })))),
      tx.query(RELEASE, [
        queues.map(({ endpointId }) => endpointId),
        queues.map(({ subject }) => subject),
        queues.map(({ notBefore }) => notBefore),
      ]),
    );
  }
}

function keyOf({ endpointId, subject }: Pick<LeasedQueue, 'endpointId' | 'subject'>): string {
  return `${endpointId}/${subject}`;
}

function arraysOf(changes: readonly DeliveryChange[]): unknown[][] {
  return [
    changes.map(({ endpointId }) => endpointId),
    changes.map(({ sequence }) => sequence),
    changes.map(({ state }) => state),
    changes.map(({ attempts }) => attempts),
    changes.map(({ dueAt }) => dueAt),
    changes.map(({ finishedAt }) => finishedAt),
  ];
}

/** For tests of their plans. */
export const deliveryStatements = {
  claim: CLAIM,
  change: CHANGE,
  hold: HOLD,
  loads: LOADS,
  pending: PENDING,
  release: RELEASE,
} as const;
