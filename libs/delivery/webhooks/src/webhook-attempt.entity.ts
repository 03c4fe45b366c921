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

  @Column({ type: 'uuid' })
  endpointId: string;

  @Column({ type: 'uuid' })
  eventId: string;

  @Column({ type: 'timestamptz' })
  attemptedAt: Date;

  /** `delivered`, or why not, as an enumerated word. */
  @Column({ type: 'text' })
  outcome: string;

  /** HTTP status; `null` without an answer. */
  @Column({ type: 'integer', nullable: true })
  status: number | null;

  @Column({ type: 'integer' })
  durationMs: number;
}
