import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Chains, type Chain } from '@countersign/chains';
import { Clock, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { WalletKeys } from '@countersign/linked-wallets';
import { Logger, Metrics, type CountBy } from '@countersign/observability';
import { SendPorts } from '../ports/send-ports';
import { SendsRepository } from '../store/sends.repository';
import { sealedRaw } from '../store/send-sealing';

const BLOCKS_BETWEEN = 3;
const LEAST_MS = 2 * SECOND;

/** When the bytes of a send that waits are given to the nodes again. */
export function nextBroadcastAt({ blockTimeMs }: Chain, now: Date): Date {
  return new Date(now.getTime() + Math.max(LEAST_MS, BLOCKS_BETWEEN * blockTimeMs));
}

/** Gives stored bytes to the nodes: those of the newest version, byte by byte as they are stored. */
@Injectable()
export class Broadcasts implements BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly count: CountBy<'chain' | 'answer'>;

  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly ports: SendPorts,
    private readonly sends: SendsRepository,
    private readonly keys: WalletKeys,
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

  /** At once, and without waiting for it: where it fails, the loop of the chain does it again. */
  begin(walletId: string, sendId: string): void {
    this.goOnWith(
      this.do(walletId, sendId).catch((error: unknown) => {
        this.logger.warn({ err: error, sendId }, 'a send was not given to the nodes: it is tried again');
      }),
    );
  }

  /** Shutdown waits for the work. @param work never rejects */
  goOnWith(work: Promise<void>): void {
    const running = work.finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Resolves when all that began has ended. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settled();
  }

  /**
   * While all wallets are stopped nothing is given to the nodes, nor while custody does not say that they are not.
   * @throws AppError service.unavailable, wallet.custody_unavailable
   */
  async do(walletId: string, sendId: string): Promise<void> {
    if (await this.freezing.areStopped()) return;
    const found = await this.database.read(async (manager) => {
      const send = await this.sends.find(manager, walletId, sendId);
      const version = (await this.sends.versionsOf(manager, [sendId])).at(-1);
      const wallet = (await this.keys.read(manager, [walletId])).get(walletId);
      const chain = send && this.chains.find(send.chainId);
      // Erased meanwhile, or its chain is not configured any more.
      if (!chain || !version || !wallet) return null;
      const { number } = version;
      return { chain, raw: sealedRaw.open(wallet.dataKey, [sendId, number], version.raw) };
    });
    if (!found) return;
    const { chain, raw } = found;
    const answers = await this.ports.of(chain.id).broadcast(chain, raw);
    const now = this.clock.now();
    for (const { answer } of answers) this.count({ chain: chain.id, answer });
    await this.database.transaction(async (tx) => {
      if (!(await this.sends.lock(tx, walletId, sendId))) return;
      await this.sends.setBroadcast(tx, sendId, { broadcastAt: nextBroadcastAt(chain, now), answers });
    });
  }
}
