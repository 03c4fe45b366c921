import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { plusSeconds } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { KEPT_DAYS, MAX_LIFETIME } from './invitation';
import { InvitationsRepository } from './invitations.repository';
import { RemovalsRepository } from './removals.repository';

const BATCH = 250;
const KEPT_SECONDS = KEPT_DAYS * 24 * 3_600;

/** Deletes invitations that have ended, with what people did with them, and removals that no open one is older than. */
@Injectable()
@Recurring({
  name: 'invitation-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    kept: { invitations: `${KEPT_DAYS} days after they have ended`, 'removals from teams': '90 days' },
  },
})
export class InvitationUpkeep {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly removals: RemovalsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const invitations = await this.inBatches(KEPT_SECONDS, (tx, before) =>
      this.invitations.deleteEndedBefore(tx, before, BATCH),
    );
    return (
      invitations +
      (await this.inBatches(MAX_LIFETIME, (tx, before) => this.removals.deleteBefore(tx, before, BATCH)))
    );
  }

  private async inBatches(
    seconds: number,
    deleteBefore: (tx: EntityManager, before: Date) => Promise<number>,
  ): Promise<number> {
    for (let total = 0; ;) {
      const before = plusSeconds(await this.clock.now(), -seconds);
      const deleted = await this.database.transaction((tx) => deleteBefore(tx, before));
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}
