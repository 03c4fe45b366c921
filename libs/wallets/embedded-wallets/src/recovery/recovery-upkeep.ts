import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DAY } from '@countersign/clock';
import { AgreedClock, BatchedDeletions, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { UserMerging } from '@countersign/users';
import { RecoveriesRepository } from './recoveries.repository';
import type { WalletRecoveryEntity } from './recovery.entities';

const BATCH = 1_000;
const DAYS = 30;

/** Ends recoveries of wallets that can go on no more, and deletes those that ended 30 days ago. */
@Injectable()
@Recurring({
  name: 'wallet-recovery-upkeep',
  cron: '53 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'recoveries of wallets': '30 days after they ended' } },
})
export class RecoveryUpkeep {
  constructor(
    private readonly database: Database,
    private readonly deletions: BatchedDeletions,
    private readonly recoveries: RecoveriesRepository,
    private readonly merging: UserMerging,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    await this.endAllOver(await this.clock.now());
    return this.deletions.run(BATCH, (tx, now) =>
      this.recoveries.deleteEnded(tx, new Date(now.getTime() - DAYS * DAY), BATCH),
    );
  }

  private async endAllOver(now: Date): Promise<void> {
    let after: string | null = null;
    do {
      const from: string | null = after;
      const open: readonly WalletRecoveryEntity[] = await this.database.read((manager) =>
        this.recoveries.pageOfOpen(manager, from, BATCH),
      );
      for (const recovery of open) await this.database.transaction((tx) => this.endIfOver(tx, recovery, now));
      after = open.length < BATCH ? null : (open.at(-1)?.id ?? null);
    } while (after !== null);
  }

  /**
   * An account that takes no sign-in cannot refuse: its days do not pass meanwhile, they start anew with another recovery. One
   * that waits for months would take wallets that its person made long after the notice.
   */
  private async endIfOver(
    tx: EntityManager,
    { id, oldUserId, askingUserId, readyAt }: WalletRecoveryEntity,
    now: Date,
  ): Promise<void> {
    const pair = await this.merging.lock(tx, askingUserId, oldUserId);
    // A merge or an erasure was faster, or the recovery ended.
    if (!pair || (await this.recoveries.findOpen(tx, oldUserId))?.id !== id) return;
    const canGoOn =
      pair.survivor.status === 'active' && pair.loser.status === 'active' && pair.loser.erasure === null;
    if (!canGoOn || readyAt.getTime() + DAYS * DAY <= now.getTime())
      await this.recoveries.end(tx, id, 'ended', now);
  }
}
