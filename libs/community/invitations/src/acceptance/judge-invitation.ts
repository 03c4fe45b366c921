import { statusOf } from '../invitation';
import type { InvitationFacts } from './invitation-facts.repository';
import type { Address } from './invitee';

export type InvitationRefusal =
  | 'invitation.not_for_you'
  | 'invitation.sign_in_again'
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

/**
 * Why a person cannot accept an invitation; `null` when they can. A person whom it is not addressed to learns nothing
 * else of it.
 */
export function judgeInvitation(
  facts: Pick<
    InvitationFacts,
    'maxUses' | 'useCount' | 'expiresAt' | 'revokedAt' | 'isMember' | 'hasUsed' | 'isRemoved'
  >,
  address: Address,
  now: Date,
): InvitationRefusal | null {
  if (address === 'other') return 'invitation.not_for_you';
  if (address === 'doubtful') return 'invitation.sign_in_again';
  if (facts.isMember) return 'invitation.already_member';
  if (facts.hasUsed) return 'invitation.already_used';
  if (facts.isRemoved) return 'invitation.revoked';
  return refusalOfStatus[statusOf(facts, now)];
}
