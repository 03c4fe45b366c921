import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedText, type Sealed } from '@countersign/crypto';
import { Expires, Secret } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/audit';

/** Stands for all types of events, including the types of later versions. */
export const ALL_TYPES = '*';

export const endpointStatuses = ['active', 'disabled'] as const;
export type EndpointStatus = (typeof endpointStatuses)[number];

/** `gone`: the endpoint answered 410. `failing`: a delivery failed for good, and no later delivery succeeded. */
export const disabledReasons = ['operator', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

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

  /** The endpoint gets only events of these applications; `null`: all events. */
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

/** A key that signs deliveries to one endpoint. An endpoint has several keys while one is replaced. */
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

  /** The secret signs until then; `null`: it does not expire. */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;
}

/** `failed`: after the last attempt. While an endpoint is disabled, its deliveries stay pending. */
export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * One event for one endpoint, written with the event. It has no foreign key, because a sign-in's transaction would then
 * lock the endpoint's row. The receiver's answer is not stored, because it may contain personal data.
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

  /** Counts the attempts that began. */
  @Column({ type: 'integer' })
  attempts: number;

  /** When the next attempt is due. While an attempt is under way: when its lease ends. */
  @Column({ type: 'timestamptz' })
  dueAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null;

  /** The last attempt's outcome: `delivered`, or a code of the failure. */
  @Column({ type: 'text', nullable: true })
  lastOutcome: string | null;

  /** The HTTP status of the last attempt; `null` without an answer. */
  @Column({ type: 'integer', nullable: true })
  lastStatus: number | null;
}
