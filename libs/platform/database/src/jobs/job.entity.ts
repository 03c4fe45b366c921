import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('jobs')
export class Job {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'timestamptz' })
  scheduledAt: Date;

  /** The earliest start of the next run. */
  @Column({ type: 'timestamptz' })
  dueAt: Date;

  /** Until then, one replica runs the job. Afterwards another one may run it. */
  @Column({ type: 'timestamptz', nullable: true })
  leasedUntil: Date | null;

  /** Failed runs since the last scheduled one. */
  @Column({ type: 'integer', default: 0 })
  failures: number;

  @Column({ type: 'timestamptz', nullable: true })
  succeededAt: Date | null;
}
