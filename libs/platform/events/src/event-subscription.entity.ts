import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which events a subscriber asks for. */
@Entity('event_subscriptions')
export class EventSubscriptionEntity {
  @PrimaryColumn({ type: 'uuid' })
  subscriberId: string;

  @Column({ type: 'text', array: true })
  types: string[];

  /** Events that concern one of them; `null` for all events. */
  @Column({ type: 'uuid', array: true, nullable: true })
  applicationIds: string[] | null;
}
