import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/events';

/** `failed`: after the last attempt. While an endpoint is disabled its deliveries stay pending. */
export const deliveryStates = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** One event for one endpoint. */
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

  /** That of the event. */
  @PrimaryColumn({ type: 'bigint' })
  sequence: string;

  @Column({ type: 'uuid' })
  eventId: string;

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
}
