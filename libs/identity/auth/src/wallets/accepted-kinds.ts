import type { Application } from '@countersign/applications';
import { walletError } from './wallet.errors';
import type { WalletProofKind } from './wallets.settings';

/** An application says which proofs of wallets it takes. @throws AppError wallet.not_accepted */
export function assertAccepted({ settings }: Application, kind: WalletProofKind): void {
  // The door of Metapro's clients may be left out, and with it the group of its settings.
  const isOfMetapro = 'metapro' in settings && settings.metapro.enabled;
  if (!settings.wallets.accept || (kind === 'metapro' && !isOfMetapro))
    throw walletError('wallet.not_accepted');
}
