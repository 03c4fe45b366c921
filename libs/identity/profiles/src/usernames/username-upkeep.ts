import { Injectable } from '@nestjs/common';
import { DAY, SECOND } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { USERNAME_HOLD_SECONDS } from '../profiles.service';
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
    retention: {
      'digests of usernames': `${(USERNAME_HOLD_SECONDS * SECOND) / DAY} days after they were given up`,
    },
  },
})
export class UsernameUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly usernames: UsernamesRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) => this.usernames.deleteOverHolds(tx, now, BATCH));
  }
}
