import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { ChainId } from '../chain';
import { ChainMetrics } from '../chain-metrics';
import { Chains, CONFIGURED_CHAINS } from '../chains';
import type { KnownNode } from '../evm/evm-node';
import type { ConfiguredChain } from '../registry/configured-chain';
import { indexerOptionsOf } from '../rpc/node-options';
import { TonIndexer } from './ton-indexer';

/** The indexers of TON. */
@Injectable()
export class TonIndexers implements OnApplicationShutdown {
  private readonly indexers: ReadonlyMap<ChainId, readonly TonIndexer[]>;

  constructor(
    @Inject(CONFIGURED_CHAINS) configured: readonly ConfiguredChain[],
    chains: Chains,
    clock: Clock,
    { patience }: Configuration,
    metrics: ChainMetrics,
  ) {
    const deps = { chains, clock, patience, metrics };
    this.indexers = new Map(
      configured.map((chain) => [
        chain.id,
        indexerOptionsOf(chain, deps).map((options) => new TonIndexer(options)),
      ]),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.indexers.values()].flat().map((indexer) => indexer.close()));
  }

  /** In the order of the file. */
  of(chainId: ChainId): readonly TonIndexer[] {
    return this.indexers.get(chainId) ?? [];
  }

  /** As this process last heard of them, without asking. */
  known(chainId: ChainId): readonly KnownNode[] {
    return this.of(chainId).map(({ index, state }) => ({ index, ...state }));
  }
}
