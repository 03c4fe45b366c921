import { statusOf } from '../invitation';
import type { InvitationFacts } from './invitation-facts.repository';

export type InvitationRefusal =
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
export function judgeInvitation(
  facts: Pick<InvitationFacts, 'maxUses' | 'useCount' | 'expiresAt' | 'revokedAt' | 'isMember' | 'hasUsed'>,
  now: Date,
): InvitationRefusal | null {
  if (facts.isMember) return 'invitation.already_member';
  if (facts.hasUsed) return 'invitation.already_used';
  return refusalOfStatus[statusOf(facts, now)];
}
