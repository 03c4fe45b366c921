import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ApplicationEntity } from '../store/application.entity';

/** A secret of a confidential client. It has 256 random bits, so its SHA-256 is enough at rest. */
@Entity('client_secrets')
@Unique('uq_client_secrets_digest', ['digest'])
export class ClientSecretEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_client_secrets' })
  id: string;

  @Index('ix_client_secrets_application')
  @ForeignKey(() => ApplicationEntity, { name: 'fk_client_secrets_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
