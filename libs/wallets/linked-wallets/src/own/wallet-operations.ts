import type { SensitiveOperation } from '@countersign/sessions';

/** `@AccountPlane()` guards it, as it guards linking and unlinking, which are acts of the account. */
export const walletOperations = {
  change: {
    name: 'wallet.change',
    title: 'Change the label of a wallet, or which wallet is the primary one',
    level: 'account',
    needsStepUp: false,
  },
} as const satisfies Readonly<Record<string, SensitiveOperation>>;
