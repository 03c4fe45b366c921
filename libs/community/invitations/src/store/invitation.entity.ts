import { Column, Entity, PrimaryColumn } from 'typeorm';
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
export class InvitationEntity {
  @PrimaryColumn({ type: 'uuid' })
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
  @Column({ name: 'inviter_id', type: 'uuid', nullable: true })
  inviterId: string | null;

  @Column({ name: 'max_uses', type: 'integer' })
  maxUses: number;

  @Column({ name: 'use_count', type: 'integer', default: 0 })
  useCount: number;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  /** `expiresAt`, or earlier when it was used up or revoked. */
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
  @PrimaryColumn({ name: 'invitation_id', type: 'uuid' })
  invitationId: string;

  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId: string;

  @Column({ type: 'timestamptz' })
  at: Date;
}
