import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A recurring job, as all replicas of the database see it. */
@Entity('jobs')
export class Job {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** When a replica first scheduled it. */
  @Column({ type: 'timestamptz' })
  scheduledAt: Date;

  /** When its next run may begin. */
  @Column({ type: 'timestamptz' })
  dueAt: Date;

  /** A replica runs it until then; afterwards another one may. */
  @Column({ type: 'timestamptz', nullable: true })
  leasedUntil: Date | null;

  /** Runs that failed since the last one that was scheduled. */
  @Column({ type: 'integer', default: 0 })
  failures: number;

  @Column({ type: 'timestamptz', nullable: true })
  succeededAt: Date | null;
}
