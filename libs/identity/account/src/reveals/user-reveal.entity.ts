import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How often an operator read personal fields, on the last day that the operator did. */
@Entity('user_reveals')
export class UserRevealEntity {
  /** As the audit trail names the operator. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_user_reveals' })
  actor: string;

  /** In UTC, as `2026-11-20`. */
  @Column({ type: 'date' })
  day: string;

  @Column({ type: 'integer' })
  count: number;
}
