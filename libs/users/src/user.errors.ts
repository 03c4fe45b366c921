import { defineErrors } from '@countersign/errors';

export const userError = defineErrors({
  'user.not_found': { kind: 'not-found', title: 'No such user' },
  'user.deactivated': { kind: 'forbidden', title: 'The account is deactivated' },
});
