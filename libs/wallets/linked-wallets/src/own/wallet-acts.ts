import { defineActs } from '@countersign/sessions';

/** `@AccountPlane()` guards it, as it guards linking and unlinking, which are acts of the account. */
defineActs({
  'wallet.change': {
    title: 'Change the label of a wallet, or which wallet is the primary one',
    level: 'account',
    needsStepUp: false,
  },
});
