import type { OnApplicationShutdown } from '@nestjs/common';
import type { ChainId } from '../chain';
import type { ConfiguredChain } from '../registry/configured-chain';
import type { ChainService } from './chain-service';
import type { NodeState } from './node-health';

/** What is known of a node in this process. */
export interface KnownNode extends NodeState {
  /** 0 for the first URL of the chain. */
  readonly index: number;
}

/** The nodes or indexers of each chain. */
export abstract class ServicesByChain<T extends ChainService> implements OnApplicationShutdown {
  private readonly services: ReadonlyMap<ChainId, readonly T[]>;

  protected constructor(chains: readonly ConfiguredChain[], make: (chain: ConfiguredChain) => readonly T[]) {
    this.services = new Map(chains.map((chain) => [chain.id, make(chain)]));
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
