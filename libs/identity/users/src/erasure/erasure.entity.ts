import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Assurance } from '../assurance';
import type { ErasureKind, ErasureReason } from './erasure';
import { UserEntity } from '../store/user.entity';

/** A requested erasure of an account, until it is done or cancelled. */
@Entity('user_erasures')
@Check('chk_user_erasures_kind', `kind IN ('closed', 'open')`)
@Check('chk_user_erasures_reason', `reason IN ('person', 'operator', 'restore')`)
@Check('chk_user_erasures_assurance', `assurance IN ('vendor', 'bot-token', 'platform')`)
export class UserErasureEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_user_erasures' })
  @ForeignKey(() => UserEntity, { name: 'fk_user_erasures_user', onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text' })
  kind: ErasureKind;

  @Column({ type: 'text' })
  reason: ErasureReason;

  /** Of the session and its step-up. Weaker proofs cancel nothing; `null` where any proof does. */
  @Column({ type: 'text', nullable: true })
  assurance: Assurance | null;

  /** Where it was requested. */
  @Column({ name: 'application_id', type: 'uuid', nullable: true })
  @ForeignKey('ApplicationEntity', { name: 'fk_user_erasures_application' })
  applicationId: string | null;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt: Date;

  @Index('ix_user_erasures_erase_at')
  @Column({ name: 'erase_at', type: 'timestamptz' })
  eraseAt: Date;

  /** From then on it cannot be cancelled: the ledger may have it. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;
}
