import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the values of one column, or the digests of one table, have been brought to the active key. */
@Entity('key_progress')
@Check('chk_key_progress_counts', 'done >= 0 AND remaining >= 0')
export class KeyProgressEntity {
  /** `users.data_key` */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_key_progress' })
  work: string;

  /** The active key that the values are brought to. */
  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  /** The last row that was looked at, by its primary key; empty at the start of a pass. */
  @Column({ type: 'text' })
  position: string;

  @Column({ type: 'integer' })
  done: number;

  @Column({ type: 'integer' })
  remaining: number;

  @Column({ name: 'is_complete', type: 'boolean' })
  isComplete: boolean;

  @Column({ name: 'pass_started_at', type: 'timestamptz' })
  passStartedAt: Date;

  /** When a row was last changed. */
  @Column({ name: 'changed_at', type: 'timestamptz', nullable: true })
  changedAt: Date | null;
}
