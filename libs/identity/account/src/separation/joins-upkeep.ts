import { Injectable } from '@nestjs/common';
import { MINUTE } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { AccountJoinsRepository } from './account-joins.repository';

const BATCH = 100;
/** Clocks of replicas differ: a record is deleted only when no replica can still separate the merge. */
const MARGIN_MS = MINUTE;

/** Deletes the records of merges that can no longer be separated. */
@Injectable()
@Recurring({
  name: 'join-upkeep',
  cron: '17 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: {
      'records of merges': 'while the merge can be separated: `separationDays` (7) of the installation',
    },
  },
})
export class JoinsUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly joins: AccountJoinsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.joins.deleteEnded(tx, new Date(now.getTime() - MARGIN_MS), BATCH),
    );
  }
}
