import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { ChainId, ConfiguredChain, ConfiguredIndexer } from './chain';
import { Chains, CONFIGURED_CHAINS } from './chains';
import { EvmNode, Genesis } from './evm/evm-node';
import { EvmIndexer } from './indexer/evm-indexer';
import type { ChainService, ChainServiceOptions, NodeState } from './rpc/chain-service';
import { TonIndexer } from './ton/ton-indexer';

/** How the nodes and indexers of the configured chains are asked. */
@Injectable()
export class ServiceOptions {
  constructor(
    @Inject(CONFIGURED_CHAINS) readonly configured: readonly ConfiguredChain[],
    private readonly chains: Chains,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /** Of each URL of a chain, in the order of the file. */
  ofNodes({ rpcUrls, requestsPerSecond, ...chain }: ConfiguredChain): readonly ChainServiceOptions[] {
    return rpcUrls.map((url, index) => ({ ...this.shared(chain), index, url, requestsPerSecond }));
  }

  /** Of an indexer of a chain, by its index in the file. */
  ofIndexer(chain: ConfiguredChain, indexer: ConfiguredIndexer, index = 0): ChainServiceOptions {
    return { ...this.shared(chain), ...indexer, index };
  }

  private shared({ id, timeLimitMs }: Pick<ConfiguredChain, 'id' | 'timeLimitMs'>) {
    return {
      chain: this.chains.get(id),
      timeLimitMs: timeLimitMs * this.configuration.patience,
      now: () => this.clock.now(),
    };
  }
}

/** What is known of a node in this process. */
export interface KnownNode extends NodeState {
  /** 0 for the first URL of the chain. */
  readonly index: number;
}

/** The nodes or indexers of each chain. */
export abstract class ServicesByChain<T extends ChainService> implements OnApplicationShutdown {
  private readonly services: ReadonlyMap<ChainId, readonly T[]>;

  protected constructor({ configured }: ServiceOptions, make: (chain: ConfiguredChain) => readonly T[]) {
    this.services = new Map(configured.map((chain) => [chain.id, make(chain)]));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.services.values()].flat().map((service) => service.close()));
  }

  /** In the order of the file; none for a chain that has none. */
  of(chainId: ChainId): readonly T[] {
    return this.services.get(chainId) ?? [];
  }

  /** Whether one is configured for the chain. */
  canAsk(chainId: ChainId): boolean {
    return this.of(chainId).length > 0;
  }

  /** As this process last heard of them, without asking. */
  known(chainId: ChainId): readonly KnownNode[] {
    return this.of(chainId).map(({ index, state }) => ({ index, ...state }));
  }
}

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
@Injectable()
export class EvmNodes extends ServicesByChain<EvmNode> {
  constructor(options: ServiceOptions) {
    super(options, (chain) => {
      const genesis = new Genesis(chain.genesisHash);
      return chain.kind === 'evm' ? options.ofNodes(chain).map((each) => new EvmNode(each, genesis)) : [];
    });
  }
}

/** The indexers of the EVM chains: one at most. */
@Injectable()
export class EvmIndexers extends ServicesByChain<EvmIndexer> {
  constructor(options: ServiceOptions) {
    super(options, (chain) => {
      const { indexer } = chain;
      // It sends its key itself.
      return indexer ? [new EvmIndexer({ ...options.ofIndexer(chain, indexer), apiKey: null }, indexer)] : [];
    });
  }
}

/** The indexers of TON. */
@Injectable()
export class TonIndexers extends ServicesByChain<TonIndexer> {
  constructor(options: ServiceOptions) {
    super(options, (chain) =>
      chain.indexers.map((each, index) => new TonIndexer(options.ofIndexer(chain, each, index))),
    );
  }
}
