import { defineErrors } from '@countersign/errors';

export const walletReadingError = defineErrors({
  'wallet.chain_not_followed': {
    kind: 'not-found',
    title: 'The chain is not followed for this wallet',
    remedy: 'Read which chains are: GET /v1/wallets/{walletId}/balances.',
  },
});
