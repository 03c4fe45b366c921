import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import type { UserStatus } from './user';

@Entity('users')
@Check('chk_users_status', `status IN ('active', 'deactivated')`)
export class UserEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_users' })
  id: string;

  @Column({ type: 'text' })
  status: UserStatus;

  /** Wrapped by the key ring. All personal fields of the person are sealed under it. */
  @Column({ name: 'data_key', type: 'text' })
  dataKey: Sealed;

  /** Stands for the person in the audit trail. */
  @Column({ name: 'audit_pseudonym', type: 'uuid' })
  auditPseudonym: string;

  /** Proofs made before count for nothing where they are shown per request. */
  @Column({ name: 'auth_not_before', type: 'timestamptz', nullable: true })
  authNotBefore: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** The id of an account that was merged into another, and still means its person. */
@Entity('user_aliases')
export class UserAliasEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_user_aliases' })
  id: string;

  @Index('ix_user_aliases_user')
  @ForeignKey(() => UserEntity, { name: 'fk_user_aliases_user', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
