import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { WalletChainsRepository } from './store/wallet-chains.repository';

const ROWS_PER_STEP = 1_000;

/** Deletes the balances and the history of wallets that are gone, whose keys were destroyed with them. */
@Injectable()
@Recurring({
  name: 'wallet-history-upkeep',
  cron: '*/10 * * * *',
  everyMinutes: 10,
  removes: {
    unit: 'rows',
    retention: { 'history of wallets that are gone': '10 minutes, without its key' },
  },
})
export class OrphanedRowsCleanup {
  constructor(
    private readonly database: Database,
    private readonly walletChains: WalletChainsRepository,
  ) {}

  async run(): Promise<number> {
    let removed = 0;
    for (;;) {
      const [digest] = await this.database.read((manager) => this.walletChains.orphaned(manager));
      if (!digest) return removed;
      removed += await this.database.transaction(async (tx) => {
        const count = await this.walletChains.deleteRows(tx, digest, ROWS_PER_STEP);
        if (count === 0) await this.walletChains.forgetOrphaned(tx, digest);
        return count;
      });
    }
  }
}
