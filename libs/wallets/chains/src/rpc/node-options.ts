import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { ChainMetrics } from '../chain-metrics';
import { Chains, CONFIGURED_CHAINS } from '../chains';
import type { ConfiguredChain, ConfiguredEvmIndexer } from '../registry/configured-chain';
import type { ChainServiceOptions } from './chain-service';

/** How the nodes and indexers of the configured chains are asked. */
@Injectable()
export class NodeOptions {
  constructor(
    @Inject(CONFIGURED_CHAINS) readonly configured: readonly ConfiguredChain[],
    private readonly chains: Chains,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly metrics: ChainMetrics,
  ) {}

  /** Of each URL of a chain, in the order of the file. */
  ofNodes(chain: ConfiguredChain): readonly ChainServiceOptions[] {
    const { rpcUrls, requestsPerSecond } = chain;
    return rpcUrls.map((url, index) => ({ ...this.shared(chain), index, url, requestsPerSecond }));
  }

  /** Of each indexer of a TON chain, in the order of the file. */
  ofIndexers(chain: ConfiguredChain): readonly ChainServiceOptions[] {
    return chain.indexers.map((indexer, index) => ({ ...this.shared(chain), ...indexer, index }));
  }

  /** Of the indexer of an EVM chain, which sends its key itself. */
  ofIndexer(chain: ConfiguredChain, { url, requestsPerSecond }: ConfiguredEvmIndexer): ChainServiceOptions {
    const count = (outcome: string): void => this.metrics.indexers({ chain: chain.id, outcome });
    return { ...this.shared(chain), index: 0, url, requestsPerSecond, count };
  }

  private shared({ id, timeLimitMs }: ConfiguredChain) {
    return {
      chain: this.chains.get(id),
      timeLimitMs: timeLimitMs * this.configuration.patience,
      now: () => this.clock.now(),
      count: (outcome: string): void => this.metrics.requests({ chain: id, outcome }),
    };
  }
}
