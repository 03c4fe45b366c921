import { Injectable } from '@nestjs/common';
import { BatchedDeletions } from '@countersign/database';
import { Idempotency, IDEMPOTENCY_HOURS } from '@countersign/idempotency';
import { Recurring } from '@countersign/jobs';
import { PrincipalsRepository } from './principals/principals.repository';

const BATCH = 1_000;

/** Deletes expired tokens of principals, and old idempotency keys. */
@Injectable()
@Recurring({
  name: 'admin-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: {
      'tokens of principals': 'until they expire',
      'idempotency keys': `${IDEMPOTENCY_HOURS} hours`,
    },
  },
})
export class AdminUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly principals: PrincipalsRepository,
    private readonly idempotency: Idempotency,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(
      BATCH,
      async (tx, now) =>
        (await this.principals.deleteExpired(tx, now, BATCH)) + (await this.idempotency.deleteOld(tx, BATCH)),
    );
  }
}
