import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { JoinsRepository } from '../joins/joins.repository';
import { StepUpsRepository } from './step-ups.repository';

const BATCH = 1_000;

/** Deletes codes of step-ups and joins a day after they expired. */
@Injectable()
@Recurring({
  name: 'step-up-upkeep',
  cron: '23 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', kept: { 'codes of step-ups and joins': 'a day after they expired' } },
})
export class StepUpUpkeep {
  constructor(
    private readonly database: Database,
    private readonly stepUps: StepUpsRepository,
    private readonly joins: JoinsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    let total = 0;
    for (const repository of [this.stepUps, this.joins])
      for (let deleted = BATCH; deleted === BATCH; total += deleted) {
        const before = new Date((await this.clock.now()).getTime() - DAY);
        deleted = await this.database.transaction((tx) => repository.deleteExpired(tx, before, BATCH));
      }
    return total;
  }
}
