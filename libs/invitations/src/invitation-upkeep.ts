import { Injectable } from '@nestjs/common';
import { plusSeconds } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { KEPT_DAYS } from './invitation';
import { InvitationsRepository } from './invitations.repository';

const BATCH = 250;
const KEPT_SECONDS = KEPT_DAYS * 24 * 3_600;

/** Deletes invitations that have ended, with what people did with them. */
@Injectable()
@Recurring({
  name: 'invitation-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', kept: { invitations: `${KEPT_DAYS} days after they have ended` } },
})
export class InvitationUpkeep {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many invitations were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    for (let total = 0; ;) {
      const before = plusSeconds(await this.clock.now(), -KEPT_SECONDS);
      const deleted = await this.database.transaction((tx) =>
        this.invitations.deleteEndedBefore(tx, before, BATCH),
      );
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
