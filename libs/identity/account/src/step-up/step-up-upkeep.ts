import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
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
  removes: { unit: 'rows', retention: { 'codes of step-ups and joins': 'a day after they expired' } },
})
export class StepUpUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly stepUps: StepUpsRepository,
    private readonly joins: JoinsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    let total = 0;
    for (const repository of [this.stepUps, this.joins])
      total += await this.deletions.run(BATCH, (tx, now) =>
        repository.deleteExpired(tx, new Date(now.getTime() - DAY), BATCH),
      );
    return total;
  }
}
