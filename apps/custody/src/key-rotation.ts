import { setTimeout as sleep } from 'node:timers/promises';
import { NO_WALLET } from '@countersign/custody-protocol';
import type { KeyRing } from '@countersign/crypto';
import type { Logger } from '@countersign/observability';
import type { CustodyRing } from './custody-ring';
import type { CustodyDatabase } from './store/custody-database.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

const BATCH = 50;
/** After a failure, and while another process seals the last ones. */
const PAUSE_MS = 5_000;

/**
 * Rotation without a stop: the operator adds a key as the first one of `sealing` to the ring's file, and sends SIGHUP. All wallets
 * are sealed again under it. When the log says so, the operator removes the old key and sends SIGHUP again.
 */
export class KeyRotation {
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private generation = 0;

  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly ring: CustodyRing,
    private readonly logger: Logger,
  ) {}

  /** @throws Error where the ring lacks a key that wallets are sealed under, or that says whose they are */
  async follow(ring: KeyRing): Promise<void> {
    const used = await this.database.transaction((client) => this.wallets.usedKeys(client));
    for (const [purpose, what] of [
      ['sealing', 'seals wallets'],
      // Digests cannot be made again without the person.
      ['index', 'says whose wallets are'],
    ] as const) {
      const missing = used[purpose].filter((id) => ring.known(purpose).every((key) => key.id !== id));
      if (missing.length > 0) throw new Error(`the key ring lacks ${missing.join(', ')}, which ${what}`);
    }
    this.ring.keys = ring;
  }

  /** Until none is left under another key; again after a failure. */
  rewrapInBackground(): void {
    this.generation += 1;
    const generation = this.generation;
    this.running = this.running.then(() => this.rewrapAll(generation));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async rewrapAll(generation: number): Promise<void> {
    let count = 0;
    while (!this.isStopped && generation === this.generation) {
      try {
        const done = await this.database.transaction((client) => this.wallets.rewrap(client, BATCH));
        count += done;
        if (done > 0) continue;
        // Another process may have locked some.
        if ((await this.database.transaction((client) => this.wallets.countToRewrap(client))) === 0) {
          await this.copyAll();
          this.logger.info({ count, activeKey: this.ring.active.id }, 'wallets sealed under the active key');
          return;
        }
      } catch (error) {
        this.logger.error({ err: error }, 'sealing under the active key failed');
      }
      await sleep(PAUSE_MS);
    }
  }

  /** Before the former key may go: copies may be sealed under it. */
  private async copyAll(): Promise<void> {
    let after: string | null = NO_WALLET;
    while (after !== null && !this.isStopped) {
      const from: string = after;
      after = await this.database.transaction((client) => this.wallets.copy(client, from, BATCH));
    }
  }
}
