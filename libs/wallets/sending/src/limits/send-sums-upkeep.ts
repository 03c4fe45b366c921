import { Injectable } from '@nestjs/common';
import { HOUR } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { SendSumsRepository } from './send-sums.repository';

const BATCH = 1_000;
/** More than a day and its last part, by clocks that differ. */
const COUNTED_HOURS = 25;

/** Deletes sums of sends that count towards no limit any more. */
@Injectable()
@Recurring({
  name: 'send-sums-upkeep',
  cron: '13 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'sums of sends that limits count': '25 hours' } },
})
export class SendSumsUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly sums: SendSumsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.sums.deleteBefore(tx, new Date(now.getTime() - COUNTED_HOURS * HOUR), BATCH),
    );
  }
}
