import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
import { Expires, Secret } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/audit';

/** What an endpoint names to get events of all types, also those that later versions add. */
export const ALL_TYPES = '*';

export const endpointStatuses = ['active', 'disabled'] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

/** `operator`, `gone` (it answered 410), `failing` (a delivery failed for good, and no later one succeeded). */
export const disabledReasons = ['operator', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Where events are delivered to. */
@Entity('webhook_endpoints')
export class WebhookEndpointEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  url: string;

  @Column({ type: 'text', array: true })
  types: string[];

  /** Events that concern one of them; `null` for all events. */
  @Column({ type: 'uuid', array: true, nullable: true })
  applicationIds: string[] | null;

  @Column({ type: 'text' })
  status: EndpointStatus;

  @Column({ type: 'text', nullable: true })
  disabledReason: DisabledReason | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

export const sealedSecret = sealedText('webhook_secrets', 'secret');

/** A key that deliveries to one endpoint are signed with: several at once while one is being replaced. */
@Entity('webhook_secrets')
@Expires({ at: 'expiresAt', after: 0, data: 'secrets of webhooks', stored: 'until they expire' })
export class WebhookSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  endpointId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** Signs until then; `null` for one that does not expire. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}

/** `failed`: after the last attempt. While an endpoint is disabled its deliveries stay pending. */
export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * One event for one endpoint, written with the event. No foreign key: the transaction of a sign-in would lock the row of the
 * endpoint. What the receiver answered is not stored: it may be anything, also personal.
 */
@Entity('webhook_deliveries')
@Expires({
  at: 'occurredAt',
  after: EVENT_DAYS * 86_400,
  data: 'deliveries of webhooks',
  stored: `${EVENT_DAYS} days`,
})
export class WebhookDeliveryEntity {
  @PrimaryColumn({ type: 'uuid' })
  endpointId: string;

  @PrimaryColumn({ type: 'uuid' })
  eventId: string;

  /** That of the event. */
  @Column({ type: 'bigint' })
  sequence: string;

  @Column({ type: 'timestamptz' })
  occurredAt: Date;

  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'text' })
  type: string;

  @Column({ type: 'text' })
  state: DeliveryState;

  /** Those that were begun. */
  @Column({ type: 'integer' })
  attempts: number;

  /** When the next attempt is due. While an attempt is under way, when its lease ends. */
  @Column({ type: 'timestamptz' })
  dueAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  /** Of the last attempt: `delivered`, or why not, as an enumerated word. */
  @Column({ type: 'text', nullable: true })
  lastOutcome: string | null;

  /** Of the last attempt: the HTTP status; `null` without an answer. */
  @Column({ type: 'integer', nullable: true })
  lastStatus: number | null;
}
