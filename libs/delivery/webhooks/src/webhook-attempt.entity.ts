import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/events';

/** One attempt to deliver. What the endpoint answered is not stored: it may be anything, also personal. */
@Entity('webhook_attempts')
@Expires({
  at: 'attemptedAt',
  after: EVENT_DAYS * 86_400,
  data: 'attempts of deliveries',
  stored: `${EVENT_DAYS} days`,
})
export class WebhookAttemptEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ name: 'endpoint_id', type: 'uuid' })
  endpointId: string;

  @Column({ name: 'event_id', type: 'uuid' })
  eventId: string;

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
