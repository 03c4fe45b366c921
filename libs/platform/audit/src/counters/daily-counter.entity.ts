import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

const COUNTER_DAYS = 400;

/** Of a counter without an application: a primary key has no null. */
export const NO_APPLICATION = '00000000-0000-0000-0000-000000000000';

/** How often something happened on a day, at all replicas. It says nothing of a single person. */
@Entity('daily_counters')
@Expires({
  at: 'day',
  after: COUNTER_DAYS * 86_400,
  data: 'counters by day',
  stored: `${COUNTER_DAYS} days`,
})
export class DailyCounterEntity {
  /** In UTC. */
  @PrimaryColumn({ type: 'date' })
  day: string;

  /** What is counted: an act such as `session.opened`, or another name of that form. */
  @PrimaryColumn({ type: 'text' })
  name: string;

  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  /** Of the error, for a refusal; empty otherwise. */
  @PrimaryColumn({ type: 'text' })
  code: string;

  @Column({ type: 'integer' })
  count: number;
}
