import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { ChainId } from '../chain';
import { ChainMetrics } from '../chain-metrics';
import { Chains, CONFIGURED_CHAINS } from '../chains';
import type { KnownNode } from '../evm/evm-node';
import type { ConfiguredChain } from '../registry/configured-chain';
import { EvmIndexer } from './evm-indexer';

/** The indexers of the EVM chains that have one. */
@Injectable()
export class EvmIndexers implements OnApplicationShutdown {
  private readonly indexers: ReadonlyMap<ChainId, EvmIndexer>;

  constructor(
    @Inject(CONFIGURED_CHAINS) configured: readonly ConfiguredChain[],
    chains: Chains,
    clock: Clock,
    { patience }: Configuration,
    metrics: ChainMetrics,
  ) {
    this.indexers = new Map(
      configured.flatMap(({ id, indexer, timeLimitMs }) => {
        if (!indexer) return [];
        const { url, requestsPerSecond } = indexer;
        const options = {
          ...{ chain: chains.get(id), index: 0, url, requestsPerSecond },
          timeLimitMs: timeLimitMs * patience,
          now: () => clock.now(),
          count: metrics.countOfIndexer(id),
        };
        return [[id, new EvmIndexer(options, indexer)] as const];
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.indexers.values()].map((indexer) => indexer.close()));
  }

  /** `null` for a chain without one. */
  of(chainId: ChainId): EvmIndexer | null {
    return this.indexers.get(chainId) ?? null;
  }

  /** As this process last heard of it, without asking. */
  known(chainId: ChainId): readonly KnownNode[] {
    const indexer = this.of(chainId);
    return indexer ? [{ index: 0, ...indexer.state }] : [];
  }
}
