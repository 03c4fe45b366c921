import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

const COUNTER_DAYS = 400;

/** Stands for "no application": a primary key has no null. */
export const NO_APPLICATION = '00000000-0000-0000-0000-000000000000';

/** Counts how often something happened on a day, at all replicas. It says nothing about a single person. */
@Entity('daily_counters')
@Expires({
  at: 'day',
  after: COUNTER_DAYS * 86_400,
  data: 'counters by day',
  stored: `${COUNTER_DAYS} days`,
})
export class DailyCounterEntity {
  @PrimaryColumn({ type: 'date' })
  day: string;

  /** The counted act, such as `session.opened`, or another name of this form. */
  @PrimaryColumn({ type: 'text' })
  name: string;

  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  /** The error code of a refusal; otherwise empty. */
  @PrimaryColumn({ type: 'text' })
  code: string;

  @Column({ type: 'integer' })
  count: number;
}
