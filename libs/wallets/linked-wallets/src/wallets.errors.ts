import { defineErrors } from '@countersign/errors';

export const walletError = defineErrors({
  'wallet.not_found': {
    kind: 'not-found',
    title: 'The account has no such wallet',
    remedy: 'Read the wallets again: GET /v1/wallets, as an operator GET /v1/admin/users/{userId}/wallets.',
  },
  'wallet.of_application': {
    kind: 'conflict',
    title: 'The wallet is used by one application alone, and cannot be the primary one',
    remedy: 'Make another wallet the primary one.',
  },
  'wallet.is_embedded': {
    kind: 'conflict',
    title: 'The wallet is embedded: it signs in to no account, and leaves with its account only',
    remedy: 'Do this with a linked wallet.',
  },
  'wallet.is_connected': {
    kind: 'conflict',
    title: 'The wallet is connected: it is shown, does not sign in, and is never the primary one',
    remedy:
      'Link it first: POST /v1/wallets/links with `canSignIn`, after a step-up. A contract wallet stays connected.',
  },
  'wallet.limit_reached': {
    kind: 'conflict',
    title: 'The account has connected as many wallets as it may',
    remedy: 'Disconnect one: DELETE /v1/wallets/{walletId}.',
  },
});
