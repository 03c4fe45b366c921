import { Injectable } from '@nestjs/common';
import { NodeOptions } from '../rpc/node-options';
import { ServicesByChain } from '../rpc/services-by-chain';
import { TonIndexer } from './ton-indexer';

/** The indexers of TON. */
@Injectable()
export class TonIndexers extends ServicesByChain<TonIndexer> {
  constructor(options: NodeOptions) {
    super(options.configured, (chain) => options.ofIndexers(chain).map((each) => new TonIndexer(each)));
  }
}
