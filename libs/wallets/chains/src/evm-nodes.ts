import { Injectable } from '@nestjs/common';
import { EvmNode, Genesis } from './evm/evm-node';
import { NodeOptions } from './rpc/node-options';
import { ServicesByChain } from './rpc/services-by-chain';

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
@Injectable()
export class EvmNodes extends ServicesByChain<EvmNode> {
  constructor(options: NodeOptions) {
    super(options.configured, (chain) => {
      const genesis = new Genesis(chain.genesisHash);
      const nodes = chain.kind === 'evm' ? options.ofNodes(chain) : [];
      return nodes.map((each) => new EvmNode(each, genesis));
    });
  }
}
