import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import type { Chain, ChainId } from './chain';
import { ChainMetrics } from './chain-metrics';
import { Chains, CONFIGURED_CHAINS } from './chains';
import { Genesis } from './evm/genesis';
import { IdentifiedNode } from './evm/identified-node';
import { inOrder } from './from-nodes';
import { NodeError } from './node-error';
import type { ConfiguredChain } from './registry/configured-chain';
import type { NodeState } from './rpc/node-health';
import { nodeOptionsOf } from './rpc/node-options';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: NodeError };

export interface RequestLimits {
  /** Of the answer; 16 MiB by default. */
  readonly maxBytes?: number;
  /** That of the chain by default, and at most. */
  readonly timeLimitMs?: number;
  /** Whether it waits until the limit of the URL leaves room for others. */
  readonly isInBackground?: boolean;
}

/** One node of a chain. Its results are unchecked JSON: the caller checks them. */
export interface EvmNode {
  readonly chain: Chain;
  /** 0 for the first URL of the chain. */
  readonly place: number;
  /** Whether others are asked first: it did not answer, or wants fewer requests. */
  readonly isPaused: boolean;

  /** @throws NodeError */
  request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown>;

  /**
   * In one HTTP request where the node takes batches. Answers are in the order of the calls, matched by id.
   * @throws NodeError when there is no answer at all; an error of one call is in its place.
   */
  batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]>;
}

/** What is known of a node in this process. */
export interface KnownNode extends NodeState {
  readonly place: number;
}

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
@Injectable()
export class EvmNodes implements OnApplicationShutdown {
  private readonly nodes: ReadonlyMap<ChainId, readonly IdentifiedNode[]>;

  constructor(
    @Inject(CONFIGURED_CHAINS) configured: readonly ConfiguredChain[],
    chains: Chains,
    clock: Clock,
    { patience }: Configuration,
    metrics: ChainMetrics,
  ) {
    const evm = configured.filter(({ kind }) => kind === 'evm');
    const parts = { chains, clock, patience, metrics };
    this.nodes = new Map(
      evm.map((chain) => {
        const genesis = new Genesis(chain.genesisHash);
        return [chain.id, nodeOptionsOf(chain, parts).map((options) => new IdentifiedNode(options, genesis))];
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
    return (this.nodes.get(chainId) ?? []).map(({ place, state }) => ({ place, ...state }));
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
