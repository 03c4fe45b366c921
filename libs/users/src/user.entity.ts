import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
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

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}
