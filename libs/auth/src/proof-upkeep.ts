import { Injectable } from '@nestjs/common';
import { LONGEST_PROOF_AGE_SECONDS } from '@countersign/applications';
import { Clock, DAY, plusSeconds } from '@countersign/clock';
import { DayPartitions } from '@countersign/database';

/** Makes tomorrow's partition of the proofs and drops those that no application accepts any more. */
@Injectable()
export class ProofUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly clock: Clock,
  ) {}

  /** @returns the partitions that were dropped. */
  async run(): Promise<readonly string[]> {
    const now = this.clock.now();
    await this.partitions.ensure('proofs', now);
    await this.partitions.ensure('proofs', new Date(now.getTime() + DAY));
    return this.partitions.dropBefore(
      'proofs',
      new Date(plusSeconds(now, -LONGEST_PROOF_AGE_SECONDS).getTime() - DAY),
    );
  }
}
