import type { Address } from './hex';

/** In what the blocks of a chain differ from those of Ethereum. */
export interface ChainRules {
  /** The number of CAIP-2; null: transactions are not compared with it. */
  readonly chainId: number | null;
  /**
   * `exact`: the bloom of a block is that of its logs. `covered`: there may be logs besides. `unreliable`: it says
   * nothing, and logs that a node leaves out are not noticed.
   */
  readonly bloom: 'exact' | 'covered' | 'unreliable';
  /**
   * Contracts whose Transfer logs tell of the native coin. `mirror`: they repeat what transactions move, and are left
   * out. `besides`: they are moves of the coin that no transaction's value tells.
   */
  readonly coinContracts: ReadonlyMap<Address, 'mirror' | 'besides'>;
  /** Collectibles from before ERC-721, which log a transfer with one topic. */
  readonly unindexedCollectibles: ReadonlySet<Address>;
}

/** @param chainId CAIP-2, of the namespace eip155 */
export function rulesOfChain(chainId: string): ChainRules {
  throw new Error(chainId);
}
