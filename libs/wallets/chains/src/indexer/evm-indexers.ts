import { Injectable } from '@nestjs/common';
import { NodeOptions } from '../rpc/node-options';
import { ServicesByChain } from '../rpc/services-by-chain';
import { EvmIndexer } from './evm-indexer';

/** The indexers of the EVM chains: one at most. */
@Injectable()
export class EvmIndexers extends ServicesByChain<EvmIndexer> {
  constructor(options: NodeOptions) {
    super(options.configured, (chain) => {
      const { indexer } = chain;
      return indexer ? [new EvmIndexer(options.ofIndexer(chain, indexer), indexer)] : [];
    });
  }
}
