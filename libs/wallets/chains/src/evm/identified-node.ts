import type { Chain } from '../chain';
import { NodeError } from '../node-error';
import { isRecord, type RequestLimits, type RpcAnswer, type RpcCall } from '../rpc/json-rpc';
import type { NodeState } from '../rpc/node-health';
import { RpcNode, type RpcNodeOptions } from '../rpc/rpc-node';
import type { EvmNode } from './evm-node';
import type { Genesis } from './genesis';
import { readHash, readQuantity } from './quantities';

const IDENTITY_BYTES = 2 * 1_048_576;
const IDENTITY_CALLS: readonly RpcCall[] = [
  { method: 'eth_chainId', params: [] },
  { method: 'eth_getBlockByNumber', params: ['0x0', false] },
];

/** A node that is asked only after it gave the id and the genesis block of its chain; again after a reconnect. */
export class IdentifiedNode implements EvmNode {
  readonly chain: Chain;
  readonly index: number;
  private readonly node: RpcNode;
  private identity: Promise<void> | null = null;

  constructor(
    options: RpcNodeOptions,
    private readonly genesis: Genesis,
  ) {
    this.node = new RpcNode(options, () => (this.identity = null));
    this.chain = options.chain;
    this.index = options.index;
  }

  get state(): NodeState {
    return this.node.health.state;
  }

  /** Whether others are to be asked first. */
  get isPaused(): boolean {
    return this.node.health.isPaused;
  }

  async request(method: string, params: readonly unknown[], limits?: RequestLimits): Promise<unknown> {
    await this.identify(limits);
    return this.node.request(method, params, limits);
  }

  async batch(calls: readonly RpcCall[], limits?: RequestLimits): Promise<readonly RpcAnswer[]> {
    await this.identify(limits);
    return this.node.batch(calls, limits);
  }

  close(): Promise<void> {
    return this.node.close();
  }

  /** Calls that come meanwhile wait for the same answer. */
  private identify(limits: RequestLimits = {}): Promise<void> {
    if (this.state.state === 'lying' && this.isPaused)
      return Promise.reject(new NodeError('lying', { reason: this.state.reason ?? 'paused' }));
    if (this.identity) return this.identity;
    const { timeLimitMs } = limits;
    const asking = this.ask(timeLimitMs === undefined ? {} : { timeLimitMs });
    this.identity = asking;
    asking.catch(() => {
      if (this.identity === asking) this.identity = null;
    });
    return asking;
  }

  private async ask(limits: RequestLimits): Promise<void> {
    const [id, block] = await this.node.batch(IDENTITY_CALLS, { ...limits, maxBytes: IDENTITY_BYTES });
    const chainId = readQuantity(resultOf(id));
    const header = resultOf(block);
    const genesis = isRecord(header) ? readHash(header['hash']) : null;
    if (chainId === null || genesis === null) throw new NodeError('away', { reason: 'no_identity' });
    if (chainId !== this.chain.reference) throw this.lie('wrong_chain_id');
    if (!this.genesis.isSame(genesis)) throw this.lie('wrong_genesis');
  }

  private lie(reason: string): NodeError {
    const error = new NodeError('lying', { reason });
    this.node.failed(error);
    return error;
  }
}

/** @throws NodeError */
function resultOf(answer: RpcAnswer | undefined): unknown {
  if (answer?.ok) return answer.result;
  throw answer?.error ?? new NodeError('away', { reason: 'missing_answer' });
}
