import { Injectable } from '@nestjs/common';
import { DAY, SECOND } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { USERNAME_HOLD_SECONDS } from './profiles.service';
import { UsernamesRepository } from './usernames.repository';

const BATCH = 250;

/** Frees usernames whose hold is over. */
@Injectable()
@Recurring({
  name: 'username-upkeep',
  cron: '23 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    kept: {
      'digests of usernames': `${(USERNAME_HOLD_SECONDS * SECOND) / DAY} days after they were given up`,
    },
  },
})
export class UsernameUpkeep {
  constructor(
    private readonly database: Database,
    private readonly usernames: UsernamesRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    for (let total = 0; ;) {
      const now = await this.clock.now();
      const freed = await this.database.transaction((tx) => this.usernames.deleteOverHolds(tx, now, BATCH));
      total += freed;
      if (freed < BATCH) return total;
    }
  }
}
