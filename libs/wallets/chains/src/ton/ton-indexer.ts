import { isRecord, type JsonRecord, type RequestLimits } from '../rpc/json-rpc';
import { NodeError } from '../node-error';
import type { NodeState } from '../rpc/node-health';
import { RpcNode, type RpcNodeOptions } from '../rpc/rpc-node';
import { malformed, readLastBlock, type TonBlock } from './read-toncenter';
import { TonIdentity } from './ton-identity';

const MAX_BYTES = 8 * 1_048_576;

/**
 * One API of toncenter, version 3. It is asked only after its newest block named its network: this API does not have the
 * first state.
 */
export class TonIndexer {
  readonly index: number;
  private readonly node: RpcNode;
  private readonly identity: TonIdentity;

  constructor(options: RpcNodeOptions) {
    const { reference } = options.chain;
    this.node = new RpcNode(options, () => this.identity.forget());
    this.identity = new TonIdentity(this.node, () =>
      this.ask('masterchainInfo', {}, ({ last }) => isRecord(last) && last['global_id'] === reference),
    );
    this.index = options.index;
  }

  get state(): NodeState {
    return this.node.health.state;
  }

  get isPaused(): boolean {
    return this.node.health.isPaused;
  }

  /** @param query values of one name are sent as often as there are. @throws NodeError, that of `read` included */
  async get<T>(
    path: string,
    query: Readonly<Record<string, string | readonly string[]>>,
    read: (answer: JsonRecord) => T,
    limits: RequestLimits = {},
  ): Promise<T> {
    await this.identity.known();
    return this.ask(path, query, read, limits);
  }

  /** The newest block of the masterchain that is indexed. @throws NodeError */
  head(timeLimitMs?: number): Promise<TonBlock> {
    return this.get('masterchainInfo', {}, readLastBlock, timeLimitMs === undefined ? {} : { timeLimitMs });
  }

  /** A caller found that an answer cannot be true. */
  lied(reason: string): NodeError {
    const error = new NodeError('lying', { reason });
    this.node.failed(error);
    return error;
  }

  close(): Promise<void> {
    return this.node.close();
  }

  private ask<T>(
    path: string,
    query: Readonly<Record<string, string | readonly string[]>>,
    read: (answer: JsonRecord) => T,
    limits: RequestLimits = {},
  ): Promise<T> {
    const pairs = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value] as [string, string]),
    );
    const question = { path: `/${path}`, query: new URLSearchParams(pairs) };
    return this.node.ask(question, 1, { maxBytes: MAX_BYTES, ...limits }, (answer) => {
      if (!isRecord(answer)) throw malformed();
      return read(answer);
    });
  }
}
