import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { ApprovedAct, RevealedField } from './revealed-fields';

export const revealRequestStatuses = ['pending', 'approved', 'declined', 'used'] as const;
export type RevealRequestStatus = (typeof revealRequestStatuses)[number];

/** An operator's request to read personal fields of one account, or to export it, which another one decides on. */
@Entity('reveal_requests')
@Check('chk_reveal_requests_status', `status IN ('pending', 'approved', 'declined', 'used')`)
@Check('chk_reveal_requests_act', `act IN ('reveal', 'export')`)
@Check('chk_reveal_requests_second', 'decided_by <> actor')
export class RevealRequestEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_reveal_requests' })
  id: string;

  /** As the audit trail names the operator. */
  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text', default: 'reveal' })
  act: ApprovedAct;

  @Index('ix_reveal_requests_user')
  @ForeignKey('UserEntity', { name: 'fk_reveal_requests_user', onDelete: 'CASCADE' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ name: 'identity_id', type: 'uuid', nullable: true })
  identityId: string | null;

  /** In the order of `revealedFields`; of an export none. */
  @Column({ type: 'text', array: true })
  fields: readonly RevealedField[];

  @Column({ type: 'text' })
  reason: string;

  @Column({ type: 'text' })
  status: RevealRequestStatus;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt: Date;

  @Index('ix_reveal_requests_expires_at')
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'decided_by', type: 'text', nullable: true })
  decidedBy: string | null;

  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt: Date | null;

  /** Made by `RevealRequestsRepository`, as `mac` is. */
  @Column({ name: 'mac_key_id', type: 'text', nullable: true })
  macKeyId?: string | null;

  @Column({ type: 'bytea', nullable: true })
  mac?: Buffer | null;
}
