import type { Chain, ChainId } from './chain';
import type { NodeError } from './node-error';

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: NodeError };

export interface RequestLimits {
  /** Of the answer; 16 MiB by default. */
  readonly maxBytes?: number;
  /** That of the chain by default. */
  readonly timeLimitMs?: number;
}

/** One node of a chain. Its results are JSON and nothing more: whoever reads them checks them. */
export interface EvmNode {
  readonly chain: Chain;
  /** 0 for the first URL of the chain. */
  readonly place: number;

  /** @throws NodeError */
  request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown>;

  /**
   * In one HTTP request where the node takes batches. Answers are in the order of the calls, matched by id.
   * @throws NodeError when there is no answer at all; an error of one call is in its place.
   */
  batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]>;
}

/** The nodes of the EVM chains. A node is asked only after it gave the chain's id and genesis block. */
export abstract class EvmNodes {
  /** In the order of the file; none for a chain that is not configured or not EVM. */
  abstract of(chainId: ChainId): readonly EvmNode[];

  /**
   * Does the work with the first node that can: when it throws a `NodeError`, the next node gets it. A `NodeError`
   * with `lying` that the work throws is counted for that node, which is asked last for a while.
   * @throws NodeError of the first node when none can; anything else that the work throws, at once.
   */
  abstract use<T>(chainId: ChainId, work: (node: EvmNode) => Promise<T>): Promise<T>;

  /** @throws NodeError */
  abstract request(
    chainId: ChainId,
    method: string,
    params: readonly unknown[],
    limits?: RequestLimits,
  ): Promise<unknown>;

  /** @throws NodeError */
  abstract batch(
    chainId: ChainId,
    calls: readonly RpcCall[],
    limits?: RequestLimits,
  ): Promise<readonly RpcAnswer[]>;
}
