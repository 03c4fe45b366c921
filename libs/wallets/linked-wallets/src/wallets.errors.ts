import { defineErrors } from '@countersign/errors';

export const walletError = defineErrors({
  'wallet.not_found': {
    kind: 'not-found',
    title: 'The account has no such wallet',
    remedy: 'Read the wallets again: GET /v1/wallets, as an operator GET /v1/admin/users/{userId}/wallets.',
  },
});
