import { Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '@countersign/clock';
import { AgreedClock } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { REMEMBERED_CHALLENGE_SECONDS, WalletChallenges } from './wallet-challenges';

const BATCH = 1_000;

/** Deletes expired challenges of wallets. */
@Injectable()
@Recurring({
  name: 'wallet-challenge-upkeep',
  cron: '*/10 * * * *',
  everyMinutes: 10,
  removes: {
    unit: 'rows',
    retention: {
      'challenges of wallets': `${(REMEMBERED_CHALLENGE_SECONDS * SECOND) / MINUTE} minutes after they expired`,
    },
  },
})
export class WalletChallengeUpkeep {
  constructor(
    private readonly challenges: WalletChallenges,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    for (let total = 0; ;) {
      const deleted = await this.challenges.deleteOver(await this.clock.now(), BATCH);
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
