import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ChainId } from '../chain';
import type { KnownNode } from '../evm/evm-node';
import { NodeOptions } from '../rpc/node-options';
import { EvmIndexer } from './evm-indexer';

/** The indexers of the EVM chains that have one. */
@Injectable()
export class EvmIndexers implements OnApplicationShutdown {
  private readonly indexers: ReadonlyMap<ChainId, EvmIndexer>;

  constructor(options: NodeOptions) {
    this.indexers = new Map(
      options.configured.flatMap((chain) => {
        const { id, indexer } = chain;
        return indexer ? [[id, new EvmIndexer(options.ofIndexer(chain, indexer), indexer)] as const] : [];
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
