import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { RETENTION_DAYS } from '../invitation';
import { InvitationsRepository } from '../store/invitations.repository';

const BATCH = 250;
const RETENTION_SECONDS = RETENTION_DAYS * 24 * 3_600;

/** Deletes invitations that have ended, with what people did with them. */
@Injectable()
@Recurring({
  name: 'invitation-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: { invitations: `${RETENTION_DAYS} days after they have ended` },
  },
})
export class InvitationUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly invitations: InvitationsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.invitations.deleteEndedBefore(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
  }
}
