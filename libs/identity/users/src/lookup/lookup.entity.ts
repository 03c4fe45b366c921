import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { IdentityEntity } from '../store/identity.entity';

/**
 * Keyed digests of usernames at platforms, one per index key. A trigger deletes those of a username that changes, so that
 * none is of a former one.
 */
@Entity('lookup_digests')
@Index('ix_lookup_digests_digest', ['keyId', 'digest'])
export class LookupDigestEntity {
  @PrimaryColumn({ name: 'identity_id', type: 'uuid', primaryKeyConstraintName: 'pk_lookup_digests' })
  @ForeignKey(() => IdentityEntity, { name: 'fk_lookup_digests_identity', onDelete: 'CASCADE' })
  identityId: string;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_lookup_digests' })
  keyId: string;

  @Column({ type: 'bytea' })
  digest: Buffer;
}
