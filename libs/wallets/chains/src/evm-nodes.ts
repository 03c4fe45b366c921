import { Injectable } from '@nestjs/common';
import { Genesis, IdentifiedNode } from './evm/identified-node';
import { NodeOptions } from './rpc/node-options';
import { ServicesByChain } from './rpc/services-by-chain';

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
@Injectable()
export class EvmNodes extends ServicesByChain<IdentifiedNode> {
  constructor(options: NodeOptions) {
    super(options.configured, (chain) => {
      const genesis = new Genesis(chain.genesisHash);
      const nodes = chain.kind === 'evm' ? options.ofNodes(chain) : [];
      return nodes.map((each) => new IdentifiedNode(each, genesis));
    });
  }
}
