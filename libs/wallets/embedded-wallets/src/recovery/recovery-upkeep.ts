import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { RecoveriesRepository } from './recoveries.repository';

const BATCH = 1_000;
const DAYS = 30;

/** Deletes recoveries of wallets, 30 days after they ended. */
@Injectable()
@Recurring({
  name: 'wallet-recovery-upkeep',
  cron: '53 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'recoveries of wallets': '30 days after they ended' } },
})
export class RecoveryUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly recoveries: RecoveriesRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.recoveries.deleteEnded(tx, new Date(now.getTime() - DAYS * DAY), BATCH),
    );
  }
}
