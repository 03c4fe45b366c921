import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import type { GivenRole } from '@countersign/teams';
import { RETENTION_DAYS, type RevokeReason } from '../invitation';
import type { RecipientKind } from '../recipient';

/** An invitation to a team of an application. */
@Entity('team_invitations')
@Unique('uq_team_invitations_token', ['tokenDigest'])
@Index('ix_team_invitations_team', ['teamId', 'id'])
@Index('ix_team_invitations_inviter', ['inviterId', 'id'])
@Check('chk_team_invitations_role', `role IN ('admin', 'editor', 'viewer')`)
@Check('chk_team_invitations_uses', 'use_count BETWEEN 0 AND max_uses')
@Check('chk_team_invitations_ends_at', 'ends_at <= expires_at')
@Check('chk_team_invitations_revoked', '(revoked_at IS NULL) = (revoke_reason IS NULL)')
@Check('chk_team_invitations_recipient_kind', `recipient_kind IN ('telegram-username', 'telegram-user-id')`)
@Check(
  'chk_team_invitations_recipient',
  'recipient IS NULL OR (recipient_kind IS NOT NULL AND inviter_id IS NOT NULL)',
)
@ForeignKey('TeamEntity', ['teamId', 'applicationId'], ['id', 'applicationId'], {
  name: 'fk_team_invitations_team',
  onDelete: 'CASCADE',
})
export class InvitationEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_team_invitations' })
  id: string;

  @Column({ name: 'team_id', type: 'uuid' })
  teamId: string;

  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  /** SHA-256. */
  @Column({ name: 'token_digest', type: 'bytea' })
  tokenDigest: Buffer;

  @Column({ type: 'text' })
  role: GivenRole;

  /** `null` when that account was erased: the invitation has ended then. */
  @ForeignKey('UserEntity', { name: 'fk_team_invitations_inviter' })
  @Column({ name: 'inviter_id', type: 'uuid', nullable: true })
  inviterId: string | null;

  @Column({ name: 'max_uses', type: 'integer' })
  maxUses: number;

  @Column({ name: 'use_count', type: 'integer', default: 0 })
  useCount: number;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  /** `expiresAt`, or earlier when it was used up or revoked. */
  @Index('ix_team_invitations_ends_at')
  @Column({ name: 'ends_at', type: 'timestamptz' })
  endsAt: Date;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  @Column({ name: 'revoke_reason', type: 'text', nullable: true })
  revokeReason: RevokeReason | null;

  /** Stays when the recipient is cleared: the invitation cannot be used then. */
  @Column({ name: 'recipient_kind', type: 'text', nullable: true })
  recipientKind: RecipientKind | null;

  /** Sealed under the data key of the inviter. Found by `invitation_recipients`. */
  @Personal({
    what: 'Telegram username or id of an invited person',
    why: 'so that only this person uses the invitation',
    retention: `until ${RETENTION_DAYS} days after the invitation has ended, or the account of the inviter is erased`,
    visibleTo: ['person'],
  })
  @Column({ type: 'text', nullable: true })
  recipient: Sealed | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}

/** Keyed digests of recipients, one per index key: how invitations that are addressed to a person are found. */
@Entity('invitation_recipients')
export class InvitationRecipientEntity {
  @PrimaryColumn({ name: 'key_id', type: 'text', primaryKeyConstraintName: 'pk_invitation_recipients' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_invitation_recipients' })
  digest: Buffer;

  @Index('ix_invitation_recipients_invitation')
  @ForeignKey(() => InvitationEntity, { name: 'fk_invitation_recipients_invitation', onDelete: 'CASCADE' })
  @PrimaryColumn({
    name: 'invitation_id',
    type: 'uuid',
    primaryKeyConstraintName: 'pk_invitation_recipients',
  })
  invitationId: string;
}

/** Who joined by an invitation: at most once each. */
@Entity('invitation_uses')
export class InvitationUseEntity {
  @ForeignKey(() => InvitationEntity, { name: 'fk_invitation_uses_invitation', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'invitation_id', type: 'uuid', primaryKeyConstraintName: 'pk_invitation_uses' })
  invitationId: string;

  @Index('ix_invitation_uses_user')
  @ForeignKey('UserEntity', { name: 'fk_invitation_uses_user', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_invitation_uses' })
  userId: string;

  @Column({ type: 'timestamptz' })
  at: Date;
}

/** A person who was removed from a team: the invitations that it had then do not let them back. */
@Entity('team_removals')
export class TeamRemovalEntity {
  @ForeignKey('TeamEntity', { name: 'fk_team_removals_team', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'team_id', type: 'uuid', primaryKeyConstraintName: 'pk_team_removals' })
  teamId: string;

  @Index('ix_team_removals_user')
  @ForeignKey('UserEntity', { name: 'fk_team_removals_user', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_team_removals' })
  userId: string;

  /** The newest invitation of the team at that time. */
  @Column({ name: 'last_invitation_id', type: 'uuid' })
  lastInvitationId: string;

  @Index('ix_team_removals_at')
  @Column({ type: 'timestamptz' })
  at: Date;
}
