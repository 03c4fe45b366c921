import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { RefusedRequestsRepository } from './refused-requests.repository';

const REFUSED_REQUEST_DAYS = 3;
const BATCH = 1_000;

/** Deletes old refused requests. */
@Injectable()
@Recurring({
  name: 'refusal-upkeep',
  cron: '43 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'refused requests': `${REFUSED_REQUEST_DAYS} days` } },
})
export class RefusalUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly requests: RefusedRequestsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.requests.deleteBefore(tx, plusSeconds(now, -REFUSED_REQUEST_DAYS * 86_400), BATCH),
    );
  }
}
