import { defineActs } from '@countersign/sessions';

export const limitActs = defineActs({
  'wallet.limit': {
    title: 'Set or narrow the limits of a wallet',
    level: 'account',
    needsStepUp: false,
  },
  'wallet.widen_limits': {
    title: 'Let a wallet send more than its limits allow',
    level: 'account',
    needsStepUp: true,
    isAskedByAnother: true,
  },
});
