import { defineErrors, refusals } from '@countersign/text';

export const invitationError = defineErrors({
  ...refusals('not-found', { 'invitation.not_found': 'No such invitation. Ask for a new link.' }),
  ...refusals('conflict', {
    'invitation.expired': 'The invitation has expired',
    'invitation.used_up': 'The invitation was used as often as it can be',
    'invitation.revoked': 'The invitation was revoked',
    'invitation.already_used': 'The person has used the invitation before',
    'invitation.limit_reached':
      'The team has as many invitations as it can have. Use one link for many people: `maxUses`. Ended ones are deleted after 30 days.',
  }),
});
