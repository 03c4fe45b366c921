import { open, seal, type Place, type Sealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/wallets';
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

export function openProgress(wallet: Keyed, chainId: string, sealed: Sealed): FillProgress {
  // Our own text: `sealProgress` made it.
  return JSON.parse(open(wallet.dataKey, placeOf(wallet, chainId), sealed)) as FillProgress;
}

/** From which block on earlier token transfers are known. `null`: no block is searched yet. */
export function filledFrom(progress: FillProgress | null, fromBlock: number | null): number | null {
  return progress === null || progress.next + 1 === fromBlock ? null : progress.next + 1;
}
