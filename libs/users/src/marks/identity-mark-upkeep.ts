import { Injectable } from '@nestjs/common';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { IdentityMarksRepository } from './identity-marks.repository';

const BATCH = 500;

/** Deletes marks of identities that have ended. */
@Injectable()
@Recurring({
  name: 'identity-mark-upkeep',
  cron: '52 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    kept: {
      'keyed digests of referred identities': '2 years',
      'keyed digests of removed members': '90 days',
    },
  },
})
export class IdentityMarkUpkeep {
  constructor(
    private readonly database: Database,
    private readonly marks: IdentityMarksRepository,
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
      const deleted = await this.database.transaction((tx) => this.marks.deleteEndedBefore(tx, now, BATCH));
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
