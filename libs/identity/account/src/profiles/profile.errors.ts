import { defineErrors, refusals } from '@countersign/text';

export const profileError = defineErrors({
  ...refusals('forbidden', {
    'profile.first_party_only':
      'Only sessions of the operator’s own applications change profiles. Sign in with a first-party application, by a bot of its own.',
  }),
  ...refusals('conflict', {
    'profile.username_reserved': 'The username is reserved. Choose another one.',
    'profile.username_taken': 'The username, or one that looks like it, is taken. Choose another one.',
  }),
});
