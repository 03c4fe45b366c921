import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { RefusedRequestsRepository } from './refused-requests.repository';

export const REFUSED_REQUEST_DAYS = 3;
const BATCH = 1_000;

/** Deletes old refused requests. */
@Injectable()
@Recurring({
  name: 'refusal-upkeep',
  cron: '43 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', kept: { 'refused requests': `${REFUSED_REQUEST_DAYS} days` } },
})
export class RefusalUpkeep {
  constructor(
    private readonly database: Database,
    private readonly requests: RefusedRequestsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const old = plusSeconds(await this.clock.now(), -REFUSED_REQUEST_DAYS * 86_400);
    let total = 0;
    for (;;) {
      const deleted = await this.database.transaction((tx) => this.requests.deleteBefore(tx, old, BATCH));
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
