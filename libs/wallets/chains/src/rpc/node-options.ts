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
export function nodeOptionsOf(
  { id, rpcUrls, timeLimitMs, requestsPerSecond }: ConfiguredChain,
  { chains, clock, patience, metrics }: NodeDeps,
): readonly RpcNodeOptions[] {
  return rpcUrls.map((url, place) => ({
    chain: chains.get(id),
    place,
    url,
    timeLimitMs: timeLimitMs * patience,
    requestsPerSecond,
    now: () => clock.now(),
    count: metrics.countOf(id),
  }));
}
