import { open, seal, unlessSealed, type Place, type Sealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { padded } from './sealing';

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

function placeOf({ walletId }: Keyed, chainId: string): Place {
  return { table: 'wallet_back_fills', column: 'progress', row: `${walletId}/${chainId}` };
}

export function sealProgress(wallet: Keyed, chainId: string, progress: FillProgress): Sealed {
  return seal(wallet.dataKey, placeOf(wallet, chainId), padded(progress));
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
    // Our own text: `sealProgress` made it.
    const text = open(wallet.dataKey, placeOf(wallet, chainId), sealed);
    const progress = JSON.parse(text) as FillProgress;
    return { ...progress, next: Math.min(progress.next, fromBlock - 1) };
  });
}

/** From which block on earlier token transfers are known. `null`: no block is searched yet. */
export function filledFrom(progress: FillProgress | null, fromBlock: number): number | null {
  return progress === null || progress.next + 1 === fromBlock ? null : progress.next + 1;
}
