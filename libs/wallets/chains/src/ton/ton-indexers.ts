import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ChainId } from '../chain';
import type { KnownNode } from '../evm/evm-node';
import { NodeOptions } from '../rpc/node-options';
import { TonIndexer } from './ton-indexer';

/** The indexers of TON. */
@Injectable()
export class TonIndexers implements OnApplicationShutdown {
  private readonly indexers: ReadonlyMap<ChainId, readonly TonIndexer[]>;

  constructor(options: NodeOptions) {
    this.indexers = new Map(
      options.configured.map((chain) => [
        chain.id,
        options.ofIndexers(chain).map((each) => new TonIndexer(each)),
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
