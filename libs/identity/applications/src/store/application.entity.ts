import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Trust } from '../application';

@Entity('applications')
export class ApplicationEntity {
  @PrimaryColumn({ type: 'uuid' })
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
