import type { Chain } from '../chain';

export interface ConfiguredIndexer {
  readonly url: URL;
  /** For no log, no error, no answer. */
  readonly apiKey: string | null;
  readonly requestsPerSecond: number;
}

export interface ConfiguredEvmIndexer extends ConfiguredIndexer {
  /** Etherscan has one host for all chains. */
  readonly shape: 'blockscout' | 'etherscan';
}

/** A chain with what stays inside of this lib. */
export interface ConfiguredChain extends Chain {
  /** With keys in them: for no log, no error, no answer. */
  readonly rpcUrls: readonly URL[];
  /** APIs of toncenter, version 3. */
  readonly indexers: readonly ConfiguredIndexer[];
  /** For each URL. */
  readonly requestsPerSecond: number;
  readonly indexer: ConfiguredEvmIndexer | null;
}
