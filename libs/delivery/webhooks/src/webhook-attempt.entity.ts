import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/events';
import { WebhookEndpointEntity } from './webhook-endpoint.entity';

/** One attempt to deliver. What the endpoint answered is not stored: it may be anything, also personal. */
@Entity('webhook_attempts')
@Expires({
  at: 'attemptedAt',
  after: EVENT_DAYS * 86_400,
  data: 'attempts of deliveries',
  stored: `${EVENT_DAYS} days`,
})
@Index('ix_webhook_attempts_delivery', ['endpointId', 'eventId', 'id'])
export class WebhookAttemptEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_webhook_attempts' })
  id: string;

  @ForeignKey(() => WebhookEndpointEntity, { name: 'fk_webhook_attempts_endpoint', onDelete: 'CASCADE' })
  @Column({ name: 'endpoint_id', type: 'uuid' })
  endpointId: string;

  @Column({ name: 'event_id', type: 'uuid' })
  eventId: string;

  @Index('ix_webhook_attempts_attempted_at')
  @Column({ name: 'attempted_at', type: 'timestamptz' })
  attemptedAt: Date;

  /** `delivered`, or why not, as an enumerated word. */
  @Column({ type: 'text' })
  outcome: string;

  /** HTTP status; `null` without an answer. */
  @Column({ type: 'integer', nullable: true })
  status: number | null;

  @Column({ name: 'duration_ms', type: 'integer' })
  durationMs: number;
}
