import type { Chain } from '../chain';

/** A chain with what stays inside of this lib. */
export interface ConfiguredChain extends Chain {
  /** With keys in them: for no log, no error, no answer. */
  readonly rpcUrls: readonly URL[];
  /** For each URL. */
  readonly requestsPerSecond: number;
}
