import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { IdentityEntity } from '../store/identity.entity';
import type { LookupField } from './lookup-field';

/** Whether operators find accounts by a field, and how far its digests are. One row for each field. */
@Entity('lookup_fields')
@Check('chk_lookup_fields_field', `field IN ('username', 'phoneNumber')`)
export class LookupFieldEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_lookup_fields' })
  field: LookupField;

  @Column({ name: 'is_on', type: 'boolean', default: false })
  isOn: boolean;

  /** Whether all values have digests: a miss is one then. */
  @Column({ name: 'is_complete', type: 'boolean', default: false })
  isComplete: boolean;

  @Column({ name: 'switched_at', type: 'timestamptz', nullable: true })
  switchedAt: Date | null;

  /** When the pass over all identities began, or the last one; `null` before the first. */
  @Column({ name: 'pass_started_at', type: 'timestamptz', nullable: true })
  passStartedAt: Date | null;

  /** The last identity that the pass has looked at; `null` when none is under way. */
  @Column({ type: 'uuid', nullable: true })
  position: string | null;

  /** How many identities the pass left out, since they were locked. */
  @Column({ type: 'integer', default: 0 })
  skipped: number;
}

/**
 * Keyed digests of fields that operators look up, one per index key. A trigger deletes those of a value that changes, so
 * that none is of a former value.
 */
@Entity('lookup_digests')
@Index('ix_lookup_digests_digest', ['keyId', 'digest'])
export class LookupDigestEntity {
  @PrimaryColumn({ name: 'identity_id', type: 'uuid', primaryKeyConstraintName: 'pk_lookup_digests' })
  @ForeignKey(() => IdentityEntity, { name: 'fk_lookup_digests_identity', onDelete: 'CASCADE' })
  identityId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_lookup_digests' })
  field: LookupField;

  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_lookup_digests' })
  keyId: string;

  @Column({ type: 'bytea' })
  digest: Buffer;
}
