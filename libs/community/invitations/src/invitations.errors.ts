import { defineErrors } from '@countersign/text';

export const invitationError = defineErrors({
  'invitation.not_found': { kind: 'not-found', title: 'No such invitation', remedy: 'Ask for a new link.' },
  'invitation.expired': { kind: 'conflict', title: 'The invitation has expired' },
  'invitation.used_up': { kind: 'conflict', title: 'The invitation was used as often as it can be' },
  'invitation.revoked': { kind: 'conflict', title: 'The invitation was revoked' },
  'invitation.already_used': { kind: 'conflict', title: 'The person has used the invitation before' },
  'invitation.limit_reached': {
    kind: 'conflict',
    title: 'The team has as many invitations as it can have',
    remedy: 'Use one link for many people: `maxUses`. Ended ones are deleted after 30 days.',
  },
});
