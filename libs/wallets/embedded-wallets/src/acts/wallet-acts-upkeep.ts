import { Injectable } from '@nestjs/common';
import { HOUR } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { WalletActsRepository } from '../store/wallet-acts.repository';

const BATCH = 1_000;

/** Deletes wallet tokens that were not used, an hour after they expired. */
@Injectable()
@Recurring({
  name: 'wallet-token-upkeep',
  cron: '43 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'unused wallet tokens': 'an hour after they expired' } },
})
export class WalletActsUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly acts: WalletActsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.acts.deleteUnused(tx, new Date(now.getTime() - HOUR), BATCH),
    );
  }
}
