import type { Application } from '@countersign/applications';
import { walletError } from './wallet.errors';
import type { WalletProofKind } from './wallets.settings';

/** An application says which proofs of wallets it takes. @throws AppError wallet.not_accepted */
export function assertAccepted({ settings }: Application, kind: WalletProofKind): void {
  if (!settings.wallets.accept || (kind === 'metapro' && !settings.metapro.enabled))
    throw walletError('wallet.not_accepted');
}
