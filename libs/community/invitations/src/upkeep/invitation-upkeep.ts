import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { RETENTION_DAYS, MAX_LIFETIME } from '../invitation';
import { InvitationsRepository } from '../store/invitations.repository';
import { RemovalsRepository } from '../removal/removals.repository';

const BATCH = 250;
const RETENTION_SECONDS = RETENTION_DAYS * 24 * 3_600;

/** Deletes invitations that have ended, with what people did with them, and removals that no open one is older than. */
@Injectable()
@Recurring({
  name: 'invitation-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: {
      invitations: `${RETENTION_DAYS} days after they have ended`,
      'removals from teams': '90 days',
    },
  },
})
export class InvitationUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly invitations: InvitationsRepository,
    private readonly removals: RemovalsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const invitations = await this.deletions.run(BATCH, (tx, now) =>
      this.invitations.deleteEndedBefore(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
    const removals = await this.deletions.run(BATCH, (tx, now) =>
      this.removals.deleteBefore(tx, plusSeconds(now, -MAX_LIFETIME), BATCH),
    );
    return invitations + removals;
  }
}
