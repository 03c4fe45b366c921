import { Injectable } from '@nestjs/common';
import { MINUTE } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { AccountJoinsRepository } from './account-joins.repository';

const BATCH = 100;
/** Clocks of replicas differ: a journal is deleted only when no replica can still separate the merge. */
const MARGIN_MS = MINUTE;

/** Deletes the journals of merges that can no longer be separated. */
@Injectable()
@Recurring({
  name: 'join-upkeep',
  cron: '17 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    kept: {
      'journals of merges': 'while the merge can be separated: `separationDays` (7) of the installation',
    },
  },
})
export class JoinsUpkeep {
  constructor(
    private readonly database: Database,
    private readonly joins: AccountJoinsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many are deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const before = new Date((await this.clock.now()).getTime() - MARGIN_MS);
    let deleted = 0;
    for (let size = BATCH; size === BATCH; deleted += size)
      size = await this.database.transaction((tx) => this.joins.deleteEnded(tx, before, BATCH));
    return deleted;
  }
}
