import type { Clock } from '@countersign/clock';
import type { Logger } from '@countersign/observability';
import type { Consents } from './store/consents.repository';
import type { CustodyDatabase } from './store/custody-database.repository';
import { deleteOldSums } from './store/sums.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

const PAUSE_MS = 10 * 60_000;

/** Deletes the keys of wallets that were destroyed a week ago, old sums and old consents: at the start, and every ten minutes. */
export class KeyDeletion {
  private running: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly consents: Consents,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const run = (): void => void (this.running = this.run());
    run();
    this.timer = setInterval(run, PAUSE_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      const count = await this.database.transaction(async (client) => {
        await deleteOldSums(client, this.clock.now());
        return this.wallets.deleteKeys(client, this.clock.now());
      });
      if (count > 0) this.logger.info({ count }, 'keys of destroyed wallets deleted');
      while (await this.database.transaction((client) => this.consents.deleteOld(client)));
    } catch (error) {
      this.logger.error({ err: error }, 'deleting the keys of destroyed wallets failed');
    }
  }
}
