import { randomBytes } from 'node:crypto';

/** How long an invitation is stored after its end, in days. */
export const RETENTION_DAYS = 30;

/** In seconds. */
export const DEFAULT_LIFETIME = 7 * 24 * 3_600;
export const MIN_LIFETIME = 60;
export const MAX_LIFETIME = 90 * 24 * 3_600;

export const MAX_USES = 10_000;

/** Stored invitations of one team, ended ones included. */
export const MAX_PER_TEAM = 5_000;

/**
 * Why an invitation was revoked: `revoked` by a member, `inviter` because the inviter may no longer invite to the role.
 */
export const revokeReasons = ['revoked', 'inviter'] as const;
export type RevokeReason = (typeof revokeReasons)[number];

export const invitationStatuses = ['open', 'used-up', 'expired', 'revoked'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

interface Ending {
  readonly maxUses: number;
  readonly useCount: number;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
}

export function statusOf({ maxUses, useCount, expiresAt, revokedAt }: Ending, now: Date): InvitationStatus {
  if (revokedAt) return 'revoked';
  if (useCount >= maxUses) return 'used-up';
  return expiresAt <= now ? 'expired' : 'open';
}

type InvitationRefusal =
  | 'invitation.already_member'
  | 'invitation.already_used'
  | 'invitation.revoked'
  | 'invitation.used_up'
  | 'invitation.expired';

const refusalOfStatus = {
  open: null,
  revoked: 'invitation.revoked',
  'used-up': 'invitation.used_up',
  expired: 'invitation.expired',
} as const;

/** Why a person cannot accept an invitation; `null` when they can. */
export function refusalOf(
  invitation: Ending & { readonly isMember: boolean; readonly hasUsed: boolean },
  now: Date,
): InvitationRefusal | null {
  if (invitation.isMember) return 'invitation.already_member';
  if (invitation.hasUsed) return 'invitation.already_used';
  return refusalOfStatus[statusOf(invitation, now)];
}

const TOKEN_BYTES = 24;

/** A token, or the start parameter of a link as it arrives. 24 random bytes are 32 characters. */
export const GIVEN_TOKEN = /^(?:i_)?[A-Za-z0-9_-]{32}$/;
const START_PARAMETER = /^i_([A-Za-z0-9_-]{32})$/;

/** 192 random bits, as base64url. */
export function mintInvitationToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What a link carries in `start` or `startapp`. */
export function startParameterOf(token: string): string {
  return `i_${token}`;
}

/** The token in a `GIVEN_TOKEN`. */
export function tokenIn(given: string): string {
  return START_PARAMETER.exec(given)?.[1] ?? given;
}
