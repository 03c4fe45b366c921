import type { Chain } from '../chain';
import type { RequestLimits, RpcAnswer, RpcCall } from '../rpc/json-rpc';

/** One node of a chain. Its results are unchecked JSON: the caller checks them. */
export interface EvmNode {
  readonly chain: Chain;
  /** 0 for the first URL of the chain. */
  readonly index: number;
  /** Whether others are asked first: it did not answer, or wants fewer requests. */
  readonly isPaused: boolean;

  /** @throws NodeError */
  request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown>;

  /**
   * In one HTTP request where the node takes batches. Answers are in the order of the calls, matched by id.
   * @throws NodeError when there is no answer at all; an error of one call is the answer to that call.
   */
  batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]>;
}
