import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ChainId } from './chain';
import type { EvmNode, KnownNode } from './evm/evm-node';
import { Genesis, IdentifiedNode } from './evm/identified-node';
import { NodeOptions } from './rpc/node-options';

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
@Injectable()
export class EvmNodes implements OnApplicationShutdown {
  private readonly nodes: ReadonlyMap<ChainId, readonly IdentifiedNode[]>;

  constructor(options: NodeOptions) {
    const evm = options.configured.filter(({ kind }) => kind === 'evm');
    this.nodes = new Map(
      evm.map((chain) => {
        const genesis = new Genesis(chain.genesisHash);
        return [chain.id, options.ofNodes(chain).map((each) => new IdentifiedNode(each, genesis))];
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.nodes.values()].flat().map((node) => node.close()));
  }

  /** In the order of the file; none for a chain that is not configured or not EVM. */
  of(chainId: ChainId): readonly EvmNode[] {
    return this.nodes.get(chainId) ?? [];
  }

  /** As this process last heard of them, without asking. */
  known(chainId: ChainId): readonly KnownNode[] {
    return (this.nodes.get(chainId) ?? []).map(({ index, state }) => ({ index, ...state }));
  }
}
