import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Trust } from '../application';

@Entity('applications')
@Check('chk_applications_trust', `trust IN ('first-party', 'third-party')`)
@Index('ix_applications_trust', ['trust', 'id'])
export class ApplicationEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_applications' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  trust: Trust;

  /** Only what the operator set; defaults are added when read. */
  @Column({ type: 'jsonb' })
  settings: object;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}
