import type { Application } from '@countersign/applications';
import { walletError } from '../wallets.errors';

/** What a wallet signs: EIP-4361, the fixed message of Metapro, or `ton_proof` of TON Connect. */
export const walletProofKinds = ['siwe', 'metapro', 'ton-proof'] as const;
export type WalletProofKind = (typeof walletProofKinds)[number];

/** An application says which proofs of wallets it takes. @throws AppError wallet.not_accepted */
export function assertAccepted({ settings }: Application, kind: WalletProofKind): void {
  // The door of Metapro's clients may be left out, and with it the group of its settings.
  const isOfMetapro = 'metapro' in settings && settings.metapro.enabled;
  if (!settings.wallets.accept || (kind === 'metapro' && !isOfMetapro))
    throw walletError('wallet.not_accepted');
}
