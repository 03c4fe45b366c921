import { Injectable } from '@nestjs/common';
import { AgreedClock, Database } from '@countersign/database';
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
    kept: {
      'tokens of principals': 'until they expire',
      'idempotency keys': `${IDEMPOTENCY_HOURS} hours`,
    },
  },
})
export class AdminUpkeep {
  constructor(
    private readonly database: Database,
    private readonly principals: PrincipalsRepository,
    private readonly idempotency: Idempotency,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const now = await this.clock.now();
    let total = 0;
    for (;;) {
      const deleted = await this.database.transaction(
        async (tx) =>
          (await this.principals.deleteExpired(tx, now, BATCH)) +
          (await this.idempotency.deleteOld(tx, BATCH)),
      );
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
