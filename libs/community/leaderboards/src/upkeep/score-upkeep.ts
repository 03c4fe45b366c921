import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ScoreUpkeepRepository } from './score-upkeep.repository';

/** How long scores are stored after their season was closed. Its ranks stay. */
const SCORE_DAYS = 90;
const BATCH = 5_000;

/** Deletes scores when their season has been closed for long. */
@Injectable()
@Recurring({
  name: 'board-score-upkeep',
  cron: '23 3 * * *',
  everyMinutes: 1_440,
  removes: { unit: 'rows', retention: { 'scores of closed seasons': `${SCORE_DAYS} days` } },
})
export class ScoreUpkeep {
  constructor(
    private readonly database: Database,
    private readonly rows: ScoreUpkeepRepository,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns how many rows were deleted. @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const before = new Date((await this.clock.now()).getTime() - SCORE_DAYS * DAY);
    for (let total = 0; ;) {
      const deleted = await this.database.transaction((tx) => this.rows.deleteOf(tx, before, BATCH));
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
