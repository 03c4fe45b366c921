import { defineActs } from '@countersign/sessions';

/** Guarded by `@AccountPlane()`, as linking and unlinking are, which are acts of the account. */
defineActs({
  'wallet.change': {
    title: 'Change the label of a wallet, or which wallet is the primary one',
    level: 'account',
    needsStepUp: false,
  },
});
