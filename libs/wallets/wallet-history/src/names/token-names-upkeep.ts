import { Injectable } from '@nestjs/common';
import { DAY, utcDayOf } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { TokenNamesRepository } from './token-names.repository';

const RETENTION_DAYS = 30;
const ROWS_PER_STEP = 1_000;

/** Forgets what contracts said a while ago: it is asked again when it comes up again. */
@Injectable()
@Recurring({
  name: 'token-names-upkeep',
  cron: '53 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'names of tokens': '30 days' } },
})
export class TokenNamesUpkeep {
  constructor(
    private readonly database: Database,
    private readonly rows: TokenNamesRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const day = utcDayOf(new Date((await this.clock.now()).getTime() - RETENTION_DAYS * DAY));
    for (let removed = 0; ;) {
      const gone = await this.database.transaction((tx) => this.rows.deleteBefore(tx, day, ROWS_PER_STEP));
      removed += gone;
      if (gone < ROWS_PER_STEP) return removed;
    }
  }
}
