import type { Address } from './hex';

/** In what the transactions of a chain differ from those of Ethereum. */
export interface ChainRules {
  /** The number of CAIP-2, which transactions name. */
  readonly chainId: number;
  /**
   * Contracts whose Transfer logs tell of the native coin. `mirror`: they repeat what transactions move, and are left
   * out. `besides`: they are moves of the coin that the value of no transaction tells.
   */
  readonly coinContracts: ReadonlyMap<Address, 'mirror' | 'besides'>;
  /** Collectibles from before ERC-721, which log a transfer with one topic. */
  readonly unindexedCollectibles: ReadonlySet<Address>;
}

type Peculiarities = Partial<Omit<ChainRules, 'chainId'>>;

const zkSync: Peculiarities = {
  coinContracts: new Map([['0x000000000000000000000000000000000000800a', 'mirror']]),
};
const polygon: Peculiarities = {
  coinContracts: new Map([['0x0000000000000000000000000000000000001010', 'mirror']]),
};
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
  'eip155:42220': celo,
  'eip155:11142220': celo,
};

/**
 * The rules of a chain: Ethereum's, but for what is known of it.
 *
 * @param chainId CAIP-2, of the namespace eip155
 * @throws RangeError for another namespace
 */
export function rulesOfChain(chainId: string): ChainRules {
  const [, number] = /^eip155:(0|[1-9]\d{0,15})$/.exec(chainId) ?? [];
  if (number === undefined) throw new RangeError('Not a chain of the namespace eip155');
  return {
    chainId: Number(number),
    coinContracts: new Map(),
    unindexedCollectibles: new Set(),
    ...peculiarities[chainId],
  };
}
