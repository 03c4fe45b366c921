import type { Address } from './hex';

/** In what the blocks of a chain differ from those of Ethereum. */
export interface ChainRules {
  /** The number of CAIP-2; null: transactions are not compared with it. */
  readonly chainId: number | null;
  /**
   * Headers, transactions, receipts and withdrawals are encoded as Ethereum's are, through Prague: the hash of a block is
   * recomputed from its contents.
   */
  readonly hasEthereumEncoding: boolean;
  /**
   * `exact`: the bloom of a block is that of its logs. `covered`: there may be logs besides. `unreliable`: it says
   * nothing, and logs that a node leaves out are not noticed.
   */
  readonly bloom: 'exact' | 'covered' | 'unreliable';
  /**
   * Contracts whose Transfer logs tell of the native coin. `mirror`: they repeat what transactions move, and are left
   * out. `besides`: they are moves of the coin that the value of no transaction tells.
   */
  readonly coinContracts: ReadonlyMap<Address, 'mirror' | 'besides'>;
  /** Collectibles from before ERC-721, which log a transfer with one topic. */
  readonly unindexedCollectibles: ReadonlySet<Address>;
}

type Peculiarities = Partial<Omit<ChainRules, 'chainId' | 'hasEthereumEncoding'>>;

const zkSync: Peculiarities = {
  bloom: 'unreliable',
  coinContracts: new Map([['0x000000000000000000000000000000000000800a', 'mirror']]),
};
const polygon: Peculiarities = {
  // State syncs are in no bloom.
  bloom: 'covered',
  coinContracts: new Map([['0x0000000000000000000000000000000000001010', 'mirror']]),
};
const sapphire: Peculiarities = { bloom: 'unreliable' };
const celo: Peculiarities = {
  coinContracts: new Map([['0x471ece3750da237f93b8e339c536989b8978a438', 'besides']]),
};

const peculiarities: Readonly<Record<string, Peculiarities>> = {
  'eip155:1': {
    // CryptoKitties.
    unindexedCollectibles: new Set(['0x06012c8cf97bead5deae237070f9587f8e7a266d']),
  },
  'eip155:137': polygon,
  'eip155:80002': polygon,
  'eip155:300': zkSync,
  'eip155:324': zkSync,
  'eip155:23294': sapphire,
  'eip155:23295': sapphire,
  'eip155:42220': celo,
  'eip155:11142220': celo,
};

/**
 * The rules of a chain: Ethereum's, but for what is known of it.
 *
 * @param chainId CAIP-2, of the namespace eip155
 * @param hasEthereumEncoding whether the hash of a block is recomputed
 * @throws RangeError for another namespace
 */
export function rulesOfChain(chainId: string, hasEthereumEncoding = false): ChainRules {
  const [, number] = /^eip155:(0|[1-9]\d{0,15})$/.exec(chainId) ?? [];
  if (number === undefined) throw new RangeError('Not a chain of the namespace eip155');
  return {
    chainId: Number(number),
    hasEthereumEncoding,
    bloom: 'exact',
    coinContracts: new Map(),
    unindexedCollectibles: new Set(),
    ...peculiarities[chainId],
  };
}
