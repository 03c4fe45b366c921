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

/** Keyed digests of the secrets: an application has each secret once, so that a removal is complete. */
@Entity('rapidpace_secret_digests')
export class RapidpaceSecretDigestEntity {
  @PrimaryColumn({
    name: 'application_id',
    type: 'uuid',
    primaryKeyConstraintName: 'pk_rapidpace_secret_digests',
  })
  applicationId: string;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_rapidpace_secret_digests' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_rapidpace_secret_digests' })
  digest: Buffer;

  @Index('ix_rapidpace_secret_digests_secret')
  @ForeignKey(() => RapidpaceSecretEntity, {
    name: 'fk_rapidpace_secret_digests_secret',
    onDelete: 'CASCADE',
  })
  @Column({ name: 'secret_id', type: 'uuid' })
  secretId: string;
}
