import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { GivenRole } from '@countersign/teams';
import { Expires } from '@countersign/database';
import { RevokeReason, RETENTION_DAYS } from '../invitation';

/** An invitation to a team of an application. */
@Entity('team_invitations')
@Expires({
  at: 'endsAt',
  after: RETENTION_DAYS * 86_400,
  data: 'invitations',
  stored: `${RETENTION_DAYS} days after they have ended`,
})
@Unique('uq_team_invitations_token', ['tokenDigest'])
@Index('ix_team_invitations_team', ['teamId', 'id'])
@Index('ix_team_invitations_inviter', ['inviterId', 'id'])
@Check('chk_team_invitations_role', `role IN ('admin', 'editor', 'viewer')`)
@Check('chk_team_invitations_uses', 'use_count BETWEEN 0 AND max_uses')
@Check('chk_team_invitations_ends_at', 'ends_at <= expires_at')
@Check('chk_team_invitations_revoked', '(revoked_at IS NULL) = (revoke_reason IS NULL)')
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

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
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
