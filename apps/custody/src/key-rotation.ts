import { NO_WALLET } from '@countersign/custody-protocol';
import type { KeyRing } from '@countersign/crypto';
import type { Logger } from '@countersign/runtime';
import type { CustodyDatabase } from './store/custody-database.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

const BATCH = 50;

/**
 * Rotates the sealing key of a running process. The operator writes a new key as the first one of `sealing` into the
 * file of the ring and sends SIGHUP. When the log says that all wallets are sealed again, the operator removes the old
 * key and sends SIGHUP again.
 */
export class KeyRotation {
  private isDone = false;

  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly logger: Logger,
  ) {}

  async follow(ring: KeyRing): Promise<void> {
    const used = await this.database.transaction((client) => this.wallets.usedKeys(client));
    this.wallets.seal.follow(ring, used);
    this.isDone = false;
  }

  async run(signal: AbortSignal): Promise<void> {
    if (this.isDone) return;
    let count = 0;
    let done: number;
    do count += done = await this.database.transaction((client) => this.wallets.rewrap(client, BATCH));
    while (done > 0 && !signal.aborted);
    if ((await this.database.transaction((client) => this.wallets.countToRewrap(client))) > 0) return;
    let after: string | null = NO_WALLET;
    while (after !== null && !signal.aborted) {
      const from: string = after;
      after = await this.database.transaction((client) => this.wallets.copy(client, from, BATCH));
    }
    this.isDone = true;
    const { activeKeyId: activeKey } = this.wallets.seal;
    this.logger.info({ count, activeKey }, 'wallets sealed under the active key');
  }
}
