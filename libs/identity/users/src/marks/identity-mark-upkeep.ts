import { Injectable } from '@nestjs/common';
import { BatchedDeletions } from '@countersign/database';
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
    retention: {
      'keyed digests of referred identities': '2 years',
      'keyed digests of removed members': '90 days',
    },
  },
})
export class IdentityMarkUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly marks: IdentityMarksRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) => this.marks.deleteEndedBefore(tx, now, BATCH));
  }
}
