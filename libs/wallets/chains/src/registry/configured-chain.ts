import type { Chain } from '../chain';

/** An API of toncenter, version 3. */
export interface ConfiguredIndexer {
  readonly url: URL;
  readonly apiKey: string | null;
  readonly requestsPerSecond: number;
}

/** A chain with what stays inside of this lib. */
export interface ConfiguredChain extends Chain {
  /** With keys in them: for no log, no error, no answer. */
  readonly rpcUrls: readonly URL[];
  readonly indexers: readonly ConfiguredIndexer[];
  /** For each URL. */
  readonly requestsPerSecond: number;
}
