import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import type { Chain, ChainId } from './chain';
import type { ConfiguredChain, Endpoint } from './registry/read-chains';
import { Chains, CONFIGURED_CHAINS } from './chains';
import { EvmNode, Genesis } from './evm/evm-node';
import { EvmIndexer } from './indexer/evm-indexer';
import type { ChainService, ChainServiceOptions, NodeState } from './rpc/chain-service';
import { TonIndexer } from './ton/ton-indexer';

@Injectable()
export class ServiceOptions {
  constructor(
    @Inject(CONFIGURED_CHAINS) readonly configured: readonly ConfiguredChain[],
    private readonly chains: Chains,
    private readonly clock: Clock,
  ) {}

  of({ id, timeLimitMs }: ConfiguredChain, endpoints: readonly Endpoint[]): readonly ChainServiceOptions[] {
    return endpoints.map((endpoint, index) => ({
      ...{ ...endpoint, index, chain: this.chains.get(id) },
      timeLimitMs,
      now: () => this.clock.now(),
    }));
  }
}

export abstract class ServicesByChain<T extends ChainService> implements OnApplicationShutdown {
  private readonly services: ReadonlyMap<ChainId, readonly T[]>;

  protected constructor(
    options: ServiceOptions,
    kind: Chain['kind'],
    list: 'nodes' | 'indexers',
    make: (all: readonly ChainServiceOptions[], chain: ConfiguredChain) => readonly T[],
  ) {
    const chains = options.configured.filter((chain) => chain.kind === kind);
    this.services = new Map(chains.map((chain) => [chain.id, make(options.of(chain, chain[list]), chain)]));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.services.values()].flat().map((service) => service.close()));
  }

  /** Keeps the order of the file; empty if the chain has none. */
  of(chainId: ChainId): readonly T[] {
    return this.services.get(chainId) ?? [];
  }

  canAsk(chainId: ChainId): boolean {
    return this.of(chainId).length > 0;
  }

  /** Returns what this process last saw, without asking. */
  known(chainId: ChainId): readonly NodeState[] {
    return this.of(chainId).map(({ state }) => state);
  }
}

@Injectable()
export class EvmNodes extends ServicesByChain<EvmNode> {
  constructor(options: ServiceOptions) {
    super(options, 'evm', 'nodes', (all, { genesisHash }) => {
      const genesis = new Genesis(genesisHash);
      return all.map((each) => new EvmNode(each, genesis));
    });
  }
}

/** Each EVM chain has at most one indexer. */
@Injectable()
export class EvmIndexers extends ServicesByChain<EvmIndexer> {
  constructor(options: ServiceOptions) {
    super(options, 'evm', 'indexers', (all) => all.map((each) => new EvmIndexer(each)));
  }
}

@Injectable()
export class TonIndexers extends ServicesByChain<TonIndexer> {
  constructor(options: ServiceOptions) {
    super(options, 'ton', 'indexers', (all) => all.map((each) => new TonIndexer(each)));
  }
}
