import { unlessSealed, type Sealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { paddedJson } from './sealing';

/** Of the search in earlier blocks, which goes backwards. */
export interface FillProgress {
  /** The highest block that is not searched yet. */
  readonly next: number;
  /** The last block that is searched. */
  readonly lowest: number;
  /** How many blocks with transfers were read. */
  readonly blocks: number;
}

type Keyed = Pick<OpenedWallet, 'dataKey' | 'walletId'>;

const sealedProgress = paddedJson<FillProgress>('wallet_back_fills', 'progress');

export function sealProgress(wallet: Keyed, chainId: string, progress: FillProgress): Sealed {
  return sealedProgress.seal(wallet.dataKey, [wallet.walletId, chainId], progress);
}

/**
 * @param fromBlock the first followed block: an operator may have had a chain read again from an earlier one on
 * @returns null for a row that is damaged
 */
export function openProgress(
  wallet: Keyed,
  { chainId, progress: sealed }: { readonly chainId: string; readonly progress: Sealed },
  fromBlock: number,
): FillProgress | null {
  return unlessSealed(() => {
    const progress = sealedProgress.open(wallet.dataKey, [wallet.walletId, chainId], sealed);
    return { ...progress, next: Math.min(progress.next, fromBlock - 1) };
  });
}

/** From which block on earlier token transfers are known. `null`: no block is searched yet. */
export function filledFrom(progress: FillProgress | null, fromBlock: number): number | null {
  return progress === null || progress.next + 1 === fromBlock ? null : progress.next + 1;
}
