import { defineErrors } from '@countersign/errors';

export const invitationError = defineErrors({
  'invitation.not_found': {
    kind: 'not-found',
    title: 'There is no such invitation',
    remedy: 'Ask for a new link. An invitation counts in the application of its team only.',
  },
  'invitation.expired': {
    kind: 'conflict',
    title: 'The invitation has expired',
    remedy: 'Ask for a new one.',
  },
  'invitation.used_up': {
    kind: 'conflict',
    title: 'The invitation was used as often as it can be',
    remedy: 'Ask for a new one.',
  },
  'invitation.revoked': {
    kind: 'conflict',
    title: 'The invitation was revoked',
    remedy: 'Ask for a new one.',
  },
  'invitation.not_for_you': {
    kind: 'forbidden',
    title: 'The invitation is addressed to someone else',
    remedy: 'Sign in with the Telegram account that was invited.',
  },
  'invitation.sign_in_again': {
    kind: 'forbidden',
    title: 'The invitation is addressed to a username, which has to be proven again',
    remedy: 'Usernames change hands: sign in again with Telegram, at best by the link of the invitation.',
  },
  'invitation.already_member': {
    kind: 'conflict',
    title: 'The person is a member of the team already',
    remedy: 'Nothing is left to do.',
  },
  'invitation.already_used': {
    kind: 'conflict',
    title: 'The person has used the invitation before',
    remedy: 'Who left the team or was removed needs a new invitation.',
  },
  'invitation.team_full': {
    kind: 'conflict',
    title: 'The team has as many members as it can have',
    remedy: 'Try again when a member has left.',
  },
  'invitation.usernames_not_needed': {
    kind: 'conflict',
    title: 'The application does not read usernames',
    remedy: 'Invite by the Telegram user id, or ask the operator: `dataNeeds` of the application.',
  },
  'invitation.limit_reached': {
    kind: 'conflict',
    title: 'The team has as many invitations as it can have',
    remedy: 'Ended ones are deleted after 30 days. One link can be used by many people: `maxUses`.',
  },
  'invitation.recipient_limit_reached': {
    kind: 'conflict',
    title: 'The team has invited this recipient as often as it can',
    remedy:
      'Ended invitations are deleted after 30 days. The recipient can still accept those that are open.',
  },
});
