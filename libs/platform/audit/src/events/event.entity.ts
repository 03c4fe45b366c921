import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Rows are never updated. Whole days are dropped after `EVENT_DAYS`. */
@Entity('events')
export class EventEntity {
  @PrimaryColumn({ type: 'timestamptz' })
  occurredAt: Date;

  /** Rises in the order of statements. Transactions may commit in another order. */
  @PrimaryColumn({ type: 'bigint', default: () => "nextval('events_sequence')" })
  sequence: string;

  @Column({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  type: string;

  /** Deliveries are ordered by subject. */
  @Column({ type: 'text' })
  subject: string;

  /** The applications that receive the event; `null` for the installation. */
  @Column({ type: 'uuid', array: true, nullable: true })
  applicationIds: string[] | null;

  @Column({ type: 'jsonb' })
  data: Record<string, string | boolean>;
}
