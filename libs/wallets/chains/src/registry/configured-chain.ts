import type { Chain } from '../chain';

export interface ConfiguredIndexer {
  readonly url: URL;
  /** Never in a log, an error or an answer. */
  readonly apiKey: string | null;
  readonly requestsPerSecond: number;
}

export interface ConfiguredEvmIndexer extends ConfiguredIndexer {
  /** Etherscan has one host for all chains. */
  readonly shape: 'blockscout' | 'etherscan';
}

/** A chain with the URLs and keys that stay inside of this lib. */
export interface ConfiguredChain extends Chain {
  /** They contain keys: never in a log, an error or an answer. */
  readonly rpcUrls: readonly URL[];
  /** APIs of toncenter, version 3. */
  readonly indexers: readonly ConfiguredIndexer[];
  /** For each URL. */
  readonly requestsPerSecond: number;
  readonly indexer: ConfiguredEvmIndexer | null;
}
