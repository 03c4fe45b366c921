import { defineErrors } from '@countersign/errors';

export const peopleError = defineErrors({
  'user.lookup_off': {
    kind: 'impossible',
    title: 'Accounts are not found by usernames: this is switched off',
    remedy:
      'Look up by another id, or switch it on with `countersign installation set --username-lookup on`.',
  },
  'user.no_erasure_requested': {
    kind: 'conflict',
    title: 'The erasure of this account is not requested',
  },
  'user.erasure_not_of_operator': {
    kind: 'conflict',
    title: 'Only its person cancels this erasure',
    remedy: 'The platform signed for it: its person signs in with a fresh proof and `cancelErasure: true`.',
  },
  'user.erasure_started': {
    kind: 'conflict',
    title: 'The erasure has begun, and cannot be cancelled',
  },
});
