import { defineErrors } from '@countersign/text';

export const profileError = defineErrors({
  'profile.first_party_only': {
    kind: 'forbidden',
    title: 'Only sessions of the operator’s own applications change profiles',
    remedy: 'Sign in with a first-party application, by a bot of its own.',
  },
  'profile.username_reserved': {
    kind: 'conflict',
    title: 'The username is reserved',
    remedy: 'Choose another one.',
  },
  'profile.username_taken': {
    kind: 'conflict',
    title: 'The username, or one that looks like it, is taken',
    remedy: 'Choose another one.',
  },
});
