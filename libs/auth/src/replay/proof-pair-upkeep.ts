import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ProofsRepository } from './proofs.repository';
import { PROOF_REPEAT_SECONDS } from './reentry.rule';

const BATCH = 1_000;

/** Deletes pairs that can no longer be repeated. */
@Injectable()
@Recurring({
  name: 'proof-pair-upkeep',
  cron: '* * * * *',
  everyMinutes: 1,
  removes: {
    unit: 'rows',
    kept: {
      'repeatable pairs of proofs': `${PROOF_REPEAT_SECONDS} seconds, and up to two minutes until they are deleted`,
    },
  },
})
export class ProofPairUpkeep {
  constructor(
    private readonly database: Database,
    private readonly proofs: ProofsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const before = plusSeconds(await this.clock.now(), -PROOF_REPEAT_SECONDS);
    for (let total = 0; ;) {
      const deleted = await this.database.transaction((tx) => this.proofs.deletePairs(tx, before, BATCH));
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
