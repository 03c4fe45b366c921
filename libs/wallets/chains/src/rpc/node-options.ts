import type { Clock } from '@countersign/clock';
import type { ChainMetrics } from '../chain-metrics';
import type { Chains } from '../chains';
import type { ConfiguredChain } from '../registry/configured-chain';
import type { RpcNodeOptions } from './rpc-node';

/** What the nodes of all chains share. */
export interface NodeDeps {
  readonly chains: Chains;
  readonly clock: Clock;
  readonly patience: number;
  readonly metrics: ChainMetrics;
}

/** Of each URL of a chain, in the order of the file. */
export function nodeOptionsOf(chain: ConfiguredChain, deps: NodeDeps): readonly RpcNodeOptions[] {
  const { rpcUrls, requestsPerSecond } = chain;
  return rpcUrls.map((url, index) => ({ ...shared(chain, deps), index, url, requestsPerSecond }));
}

/** Of each indexer of a chain, in the order of the file. */
export function indexerOptionsOf(chain: ConfiguredChain, deps: NodeDeps): readonly RpcNodeOptions[] {
  return chain.indexers.map((indexer, index) => ({ ...shared(chain, deps), ...indexer, index }));
}

function shared({ id, timeLimitMs }: ConfiguredChain, { chains, clock, patience, metrics }: NodeDeps) {
  return {
    chain: chains.get(id),
    timeLimitMs: timeLimitMs * patience,
    now: () => clock.now(),
    count: metrics.countOf(id),
  };
}
