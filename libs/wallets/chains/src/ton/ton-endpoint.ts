import { NodeError } from '../node-error';
import type { JsonRecord } from '../rpc/json-rpc';
import type { NodeState } from '../rpc/node-health';
import { RpcNode, type RpcNodeOptions } from '../rpc/rpc-node';
import {
  readAccountState,
  readGetMethod,
  readResult,
  readZeroState,
  type AccountState,
  type GetMethodResult,
} from './read-toncenter';

const MAX_BYTES = 1_048_576;

/** One endpoint that speaks toncenter's API, version 2. It is asked only after it gave the first state of its network. */
export class TonEndpoint {
  readonly place: number;
  private readonly node: RpcNode;
  private identity: Promise<void> | null = null;

  constructor(
    options: RpcNodeOptions,
    private readonly zeroState: string | null,
  ) {
    this.node = new RpcNode(options, () => (this.identity = null));
    this.place = options.place;
  }

  get state(): NodeState {
    return this.node.health.state;
  }

  get isPaused(): boolean {
    return this.node.health.isPaused;
  }

  /** @throws NodeError */
  async accountState(address: string): Promise<AccountState> {
    await this.identify();
    return this.call('getAddressInformation', { address }, readAccountState);
  }

  /** Runs a get method without arguments. @throws NodeError */
  async runGetMethod(address: string, method: string): Promise<GetMethodResult> {
    await this.identify();
    return this.call('runGetMethod', { address, method, stack: [] }, readGetMethod);
  }

  /** The number of the newest block of the masterchain. @throws NodeError */
  async head(timeLimitMs: number): Promise<number> {
    await this.identify();
    const read = ({ last }: JsonRecord): number => {
      const seqno = (last as JsonRecord | null | undefined)?.['seqno'];
      if (!Number.isSafeInteger(seqno)) throw new NodeError('away', { reason: 'not_an_answer' });
      return seqno as number;
    };
    return this.call('getMasterchainInfo', {}, read, timeLimitMs);
  }

  close(): Promise<void> {
    return this.node.close();
  }

  private identify(): Promise<void> {
    if (this.state.state === 'lying' && this.isPaused)
      return Promise.reject(new NodeError('lying', { reason: this.state.reason ?? 'paused' }));
    if (this.identity) return this.identity;
    const asking = this.ask();
    this.identity = asking;
    asking.catch(() => {
      if (this.identity === asking) this.identity = null;
    });
    return asking;
  }

  private async ask(): Promise<void> {
    const zeroState = await this.call('getMasterchainInfo', {}, readZeroState);
    if (zeroState === this.zeroState) return;
    const error = new NodeError('lying', { reason: 'wrong_network' });
    this.node.failed(error);
    throw error;
  }

  private call<T>(
    method: string,
    params: object,
    read: (result: JsonRecord) => T,
    timeLimitMs?: number,
  ): Promise<T> {
    const limits = { maxBytes: MAX_BYTES, ...(timeLimitMs === undefined ? {} : { timeLimitMs }) };
    return this.node.exchange({ jsonrpc: '2.0', id: '1', method, params }, 1, limits, (answer) =>
      read(readResult(answer)),
    );
  }
}
