import type { Chain } from '../chain';
import { NodeError } from '../node-error';
import type { RequestLimits } from './json-rpc';
import type { NodeState } from './node-health';
import { RpcNode, type RpcNodeOptions } from './rpc-node';

/** A service that is asked only after it showed that it is of its chain: once, and again after a reconnect. */
export abstract class IdentifiedService {
  readonly chain: Chain;
  readonly index: number;
  protected readonly node: RpcNode;
  private identity: Promise<void> | null = null;

  constructor(options: RpcNodeOptions) {
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

  /** A caller found that an answer cannot be true. */
  lied(reason: string): NodeError {
    const error = new NodeError('lying', { reason });
    this.node.failed(error);
    return error;
  }

  close(): Promise<void> {
    return this.node.close();
  }

  /** Calls that come meanwhile wait for the same answer. @throws NodeError */
  protected known({ timeLimitMs }: RequestLimits = {}): Promise<void> {
    if (this.state.state === 'lying' && this.isPaused)
      return Promise.reject(new NodeError('lying', { reason: this.state.reason ?? 'paused' }));
    if (this.identity) return this.identity;
    const asking = this.identify({ timeLimitMs });
    this.identity = asking;
    asking.catch(() => {
      if (this.identity === asking) this.identity = null;
    });
    return asking;
  }

  /** Asks the service which chain it is of. @throws NodeError, that of `lied` for another chain */
  protected abstract identify(limits: RequestLimits): Promise<void>;
}
