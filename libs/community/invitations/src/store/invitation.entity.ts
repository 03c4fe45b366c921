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

  @Column({ type: 'uuid' })
  teamId: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** SHA-256. */
  @Column({ type: 'bytea' })
  tokenDigest: Buffer;

  @Column({ type: 'text' })
  role: GivenRole;

  /** `null` when that account was erased: the invitation has ended then. */
  @Column({ type: 'uuid', nullable: true })
  inviterId: string | null;

  @Column({ type: 'integer' })
  maxUses: number;

  @Column({ type: 'integer', default: 0 })
  useCount: number;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** `expiresAt`, or earlier when it was used up or revoked. */
  @Column({ type: 'timestamptz' })
  endsAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  revokeReason: RevokeReason | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/** Who joined by an invitation: at most once each. */
@Entity('invitation_uses')
export class InvitationUseEntity {
  @PrimaryColumn({ type: 'uuid' })
  invitationId: string;

  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @Column({ type: 'timestamptz' })
  at: Date;
}
