import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Chain } from '@countersign/chains';
import { Clock, type CountBy, Logger, Metrics, SECOND } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { WalletFreezing } from '../../freezing/wallet-freezing';
import { SendPlans } from '../send-plans';
import { SendEntity } from '../store/send.entities';
import { StoredSends } from '../store/stored-sends';

const BLOCKS_BETWEEN = 3;
const LEAST_MS = 2 * SECOND;

export function nextBroadcastAt({ blockTimeMs }: Chain, now: Date): Date {
  return new Date(now.getTime() + Math.max(LEAST_MS, BLOCKS_BETWEEN * blockTimeMs));
}

/** Sends the stored bytes of the newest version to the nodes, without any change. */
@Injectable()
export class Broadcasts implements BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly count: CountBy<'chain' | 'answer'>;

  constructor(
    private readonly database: Database,
    private readonly plans: SendPlans,
    private readonly stored: StoredSends,
    private readonly freezing: WalletFreezing,
    private readonly clock: Clock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.count = metrics.counter(
      'countersign_send_broadcasts_total',
      'Answers of nodes to the bytes of sends, by chain and answer, at this replica.',
      'chain',
      'answer',
    );
  }

  /** Starts at once and does not wait. If it fails, the chain's loop repeats it. */
  begin(walletId: string, sendId: string): void {
    const running = this.broadcast(walletId, sendId)
      .catch((error: unknown) => {
        this.logger.warn({ err: error, sendId }, 'a send was not given to the nodes: it is tried again');
      })
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.idle();
  }

  /** Does nothing while wallets are stopped. */
  async broadcast(walletId: string, sendId: string): Promise<void> {
    if (await this.freezing.areStopped()) return;
    const found = await this.stored.find(walletId, sendId);
    const version = found?.versions.at(-1);
    const on = found && this.plans.portOf(found.send.chainId);
    // The send was erased meanwhile, or its chain is no longer configured.
    if (!on || !version) return;
    const { chain, port } = on;
    const answers = await port.broadcast(chain, version.raw);
    for (const { answer } of answers) this.count({ chain: chain.id, answer });
    const broadcastAt = nextBroadcastAt(chain, this.clock.now());
    const { id } = found.send;
    await this.database.transaction((tx) => tx.update(SendEntity, { id }, { broadcastAt, answers }));
  }
}
