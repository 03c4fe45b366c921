import { NodeError } from '../node-error';
import type { RpcNode } from '../rpc/rpc-node';

/** Checks that a service is of the network that it is configured for: once, and again after a reconnect. */
export class TonIdentity {
  private asking: Promise<void> | null = null;

  /** @param isRight asks the service */
  constructor(
    private readonly node: RpcNode,
    private readonly isRight: () => Promise<boolean>,
  ) {}

  /** Calls that come meanwhile wait for the same answer. @throws NodeError */
  known(): Promise<void> {
    const { state, isPaused } = this.node.health;
    if (state.state === 'lying' && isPaused)
      return Promise.reject(new NodeError('lying', { reason: state.reason ?? 'paused' }));
    if (this.asking) return this.asking;
    const asking = this.ask();
    this.asking = asking;
    asking.catch(() => {
      if (this.asking === asking) this.asking = null;
    });
    return asking;
  }

  forget(): void {
    this.asking = null;
  }

  private async ask(): Promise<void> {
    if (await this.isRight()) return;
    const error = new NodeError('lying', { reason: 'wrong_network' });
    this.node.failed(error);
    throw error;
  }
}
