import { walletError } from '@countersign/auth';
import type { AppError } from '@countersign/errors';
import type { IdentityUse } from '@countersign/users';
import type { WalletEntity } from './store/wallet.entity';

/** Whether proofs of the wallet open sessions, as long as its owners do not change: of no connected or embedded one. */
export function canSignIn({
  kind,
  chainId,
  signInAllowedAt,
}: Pick<WalletEntity, 'kind' | 'chainId' | 'signInAllowedAt'>): boolean {
  return kind === 'linked' && (chainId === null || signInAllowedAt !== null);
}

/**
 * Why a proof of a linked wallet does not count for its account. A contract can have many owners, and others tomorrow: it is
 * for looking until its person allows more. A TON wallet whose key rotated most likely has the same person: it signs in, and
 * consents to nothing.
 */
export function refusalOf(
  wallet: Pick<WalletEntity, 'kind' | 'chainId' | 'signInAllowedAt' | 'ownersChangedAt'>,
  use: IdentityUse,
): AppError | null {
  if (!canSignIn(wallet)) return walletError('wallet.sign_in_not_allowed');
  const isInDoubt = wallet.ownersChangedAt !== null && (wallet.chainId !== null || use === 'act');
  return isInDoubt ? walletError('wallet.owners_not_confirmed') : null;
}
