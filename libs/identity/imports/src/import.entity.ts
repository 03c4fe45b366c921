import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** People of one earlier system. */
@Entity('imports')
@Unique('uq_imports_name', ['name'])
export class ImportEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_imports' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Secret()
  @Column({ name: 'digest_key', type: 'text' })
  digestKey: Sealed;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/**
 * A person whom an import created, or who had an account before. It stays when the identity is deleted, so that a repeated import does
 * not bring it back.
 */
@Entity('imported_identities')
@Unique('uq_imported_identities_external', ['importId', 'externalDigest'])
@Index('ix_imported_identities_import', ['importId', 'identityId'])
export class ImportedIdentityEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid', primaryKeyConstraintName: 'pk_imported_identities' })
  @ForeignKey(() => ImportEntity, { name: 'fk_imported_identities_import', onDelete: 'CASCADE' })
  importId: string;

  /** Of environment and Telegram id, under the key of the import. */
  @PrimaryColumn({
    name: 'subject_digest',
    type: 'bytea',
    primaryKeyConstraintName: 'pk_imported_identities',
  })
  subjectDigest: Buffer;

  /** `null` for a person without an external id, and for one who had an account before. */
  @Column({ name: 'external_digest', type: 'bytea', nullable: true })
  externalDigest: Buffer | null;

  /** `null` when it is deleted, and for a person who had an account before. */
  @Index('uq_imported_identities_identity', { unique: true, where: 'identity_id IS NOT NULL' })
  @ForeignKey('IdentityEntity', { name: 'fk_imported_identities_identity', onDelete: 'SET NULL' })
  @Column({ name: 'identity_id', type: 'uuid', nullable: true })
  identityId: string | null;
}
