import { Injectable } from '@nestjs/common';
import { DAY, plusSeconds, SECOND } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { OperatorCountsRepository } from '../operator-counts/operator-counts.repository';
import { RevealRequestsRepository } from './reveal-requests.repository';
import { UserRevealsRepository } from './user-reveals.repository';

const DAY_SECONDS = DAY / SECOND;
const COUNTS_DAYS = 2;
const REQUESTS_DAYS = 30;

/** Deletes counts of operators that count no more, and requests that have long expired. There are few of them. */
@Injectable()
@Recurring({
  name: 'reveal-upkeep',
  cron: '51 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: {
      'counts of operators': `${COUNTS_DAYS} days after the last act`,
      'requests for reveals': `${REQUESTS_DAYS} days after they expired, or until the account is erased`,
    },
  },
})
export class RevealUpkeep {
  constructor(
    private readonly database: Database,
    private readonly reveals: UserRevealsRepository,
    private readonly counts: OperatorCountsRepository,
    private readonly requests: RevealRequestsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const now = await this.clock.now();
    const counted = plusSeconds(now, -COUNTS_DAYS * DAY_SECONDS);
    return this.database.transaction(
      async (tx) =>
        (await this.reveals.deleteBefore(tx, counted)) +
        (await this.counts.deleteBefore(tx, counted)) +
        (await this.requests.deleteExpired(tx, plusSeconds(now, -REQUESTS_DAYS * DAY_SECONDS))),
    );
  }
}
