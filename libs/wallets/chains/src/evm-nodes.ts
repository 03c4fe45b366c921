import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ChainId } from './chain';
import type { EvmNode, KnownNode } from './evm/evm-node';
import { Genesis } from './evm/genesis';
import { IdentifiedNode } from './evm/identified-node';
import { inOrder } from './from-nodes';
import { NodeError } from './node-error';
import type { RequestLimits, RpcAnswer, RpcCall } from './rpc/json-rpc';
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

  /**
   * Does the work with the first node that can: when it throws a `NodeError`, the next node gets it. A `NodeError`
   * with `lying` that the work throws is counted for that node, which is asked last for a while.
   * @throws NodeError of the first node when none can; anything else that the work throws, at once; RangeError for a
   * chain without nodes.
   */
  async use<T>(chainId: ChainId, work: (node: EvmNode) => Promise<T>): Promise<T> {
    let first: NodeError | null = null;
    for (const node of inOrder(this.nodes.get(chainId) ?? [])) {
      try {
        return await work(node);
      } catch (error) {
        if (!(error instanceof NodeError)) throw error;
        if (error.kind === 'lying' && node.state.state !== 'lying') node.lied(error);
        first ??= error;
      }
    }
    throw first ?? new RangeError(`no node is configured for ${chainId}`);
  }

  /** With the first node that can. @throws NodeError, RangeError */
  request(
    chainId: ChainId,
    method: string,
    params: readonly unknown[],
    limits?: RequestLimits,
  ): Promise<unknown> {
    return this.use(chainId, (node) => node.request(method, params, limits));
  }

  /** With the first node that can. @throws NodeError, RangeError */
  batch(chainId: ChainId, calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]> {
    return this.use(chainId, (node) => node.batch(calls, limits));
  }
}
