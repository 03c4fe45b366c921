import { Injectable } from '@nestjs/common';
import { MAX_PROOF_AGE_SECONDS } from '@countersign/applications';
import { DAY, plusSeconds, SECOND } from '@countersign/clock';
import { AgreedClock, DayPartitions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ENDED_SESSION_DAYS } from '@countersign/sessions';
import { ProofsRepository } from './proofs.repository';

const MAX_PROOF_AGE_DAYS = (MAX_PROOF_AGE_SECONDS * SECOND) / DAY;

/** Creates tomorrow's partition of the proofs and drops those that no application accepts any more. */
@Injectable()
@Recurring({
  name: 'proof-upkeep',
  cron: '7 * * * *',
  everyMinutes: 60,
  removes: {
    proofs: `${MAX_PROOF_AGE_DAYS} days, the longest age of a proof, and a day; those without a date permanently`,
  },
})
export class ProofUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly proofs: ProofsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns the partitions that were dropped.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<readonly string[]> {
    const now = await this.clock.now();
    await this.partitions.ensureWeek('proofs', now);
    await this.proofs.useUpEnded(new Date(now.getTime() - (ENDED_SESSION_DAYS + 1) * DAY));
    return this.partitions.dropBefore(
      'proofs',
      new Date(plusSeconds(now, -MAX_PROOF_AGE_SECONDS).getTime() - DAY),
    );
  }
}
