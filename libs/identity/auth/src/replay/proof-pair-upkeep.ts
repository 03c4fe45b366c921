import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
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
    retention: {
      'repeatable pairs of proofs': `${PROOF_REPEAT_SECONDS} seconds, and up to two minutes until they are deleted`,
    },
  },
})
export class ProofPairUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly proofs: ProofsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.proofs.deletePairs(tx, plusSeconds(now, -PROOF_REPEAT_SECONDS), BATCH),
    );
  }
}
