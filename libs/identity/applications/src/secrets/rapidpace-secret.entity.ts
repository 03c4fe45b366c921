import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import { ApplicationEntity } from '../store/application.entity';

/** A secret that Rapidpace signs with. Several are valid while one is being rotated. */
@Entity('rapidpace_secrets')
export class RapidpaceSecretEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_rapidpace_secrets' })
  id: string;

  @Index('ix_rapidpace_secrets_application')
  @ForeignKey(() => ApplicationEntity, { name: 'fk_rapidpace_secrets_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Secret()
  @Column({ type: 'text' })
  secret: Sealed;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
