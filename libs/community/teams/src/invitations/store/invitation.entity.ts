import { randomBytes } from 'node:crypto';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { teamError } from '../../teams.errors';
import { type GivenRole } from '../../team-roles';
import { Expires } from '@countersign/database';
import { invitationError } from '../invitations.errors';

/** How long an invitation is stored after its end, in days. */
export const RETENTION_DAYS = 30;

/** Lifetimes are in seconds. */
export const DEFAULT_LIFETIME = 7 * 24 * 3_600;
export const MIN_LIFETIME = 60;
export const MAX_LIFETIME = 90 * 24 * 3_600;

export const MAX_USES = 10_000;

/** The limit of stored invitations in a team. Ended invitations count. */
export const MAX_PER_TEAM = 5_000;

/** `revoked` is by a member. `inviter` means that the inviter may no longer invite to the role. */
export const revokeReasons = ['revoked', 'inviter'] as const;
export type RevokeReason = (typeof revokeReasons)[number];

export const invitationStatuses = ['open', 'used-up', 'expired', 'revoked'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

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

  /** The SHA-256 of the token. */
  @Column({ type: 'bytea' })
  tokenDigest: Buffer;

  @Column({ type: 'text' })
  role: GivenRole;

  /** It is `null` after the erasure of the account. The invitation has then ended. */
  @Column({ type: 'uuid', nullable: true })
  inviterId: string | null;

  @Column({ type: 'integer' })
  maxUses: number;

  @Column({ type: 'integer', default: 0 })
  useCount: number;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** It is `expiresAt`, or earlier if the invitation was used up or revoked. */
  @Column({ type: 'timestamptz' })
  endsAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  revokeReason: RevokeReason | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/** A person who joined by an invitation. Each person can do so once. */
@Entity('invitation_uses')
export class InvitationUseEntity {
  @PrimaryColumn({ type: 'uuid' })
  invitationId: string;

  @PrimaryColumn({ type: 'uuid' })
  userId: string;

  @Column({ type: 'timestamptz' })
  at: Date;
}

type Ending = Pick<InvitationEntity, 'maxUses' | 'useCount' | 'expiresAt' | 'revokedAt'>;

export function statusOf({ maxUses, useCount, expiresAt, revokedAt }: Ending, now: Date): InvitationStatus {
  if (revokedAt) return 'revoked';
  if (useCount >= maxUses) return 'used-up';
  return expiresAt <= now ? 'expired' : 'open';
}

const refusalOfStatus = {
  open: null,
  revoked: 'invitation.revoked',
  'used-up': 'invitation.used_up',
  expired: 'invitation.expired',
} as const;

export function assertAcceptable(
  invitation: Ending & { readonly isMember: boolean; readonly hasUsed: boolean },
  now: Date,
): void {
  if (invitation.isMember) throw teamError('team.already_member');
  if (invitation.hasUsed) throw invitationError('invitation.already_used');
  const refusal = refusalOfStatus[statusOf(invitation, now)];
  if (refusal) throw invitationError(refusal);
}

const TOKEN_BYTES = 24;
const TOKEN_LENGTH = 32;

/** A token or the start parameter of a link. 24 random bytes are 32 characters. */
export const GIVEN_TOKEN = /^(?:i_)?[A-Za-z0-9_-]{32}$/;

/** Returns 192 random bits as base64url. */
export function mintInvitationToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** The value of `start` or `startapp` in a link. */
export function startParameterOf(token: string): string {
  return `i_${token}`;
}

export function tokenIn(given: string): string {
  return given.slice(-TOKEN_LENGTH);
}
