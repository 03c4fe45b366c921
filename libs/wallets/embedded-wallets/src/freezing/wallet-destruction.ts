import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, DAY } from '@countersign/runtime';
import { Refused } from '@countersign/custody-protocol';
import { Database, Recurring } from '@countersign/database';
import { Custody } from '../custody';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { EmbeddedWalletEntity, WalletDestructionEntity } from '../store/embedded-wallet.entity';

const BATCH = 100;

/** Asks custody to destroy the keys of deleted wallets. A later run repeats each call that custody does not answer. */
@Injectable()
@Recurring({ name: 'wallet-destruction', cron: '* * * * *', everyMinutes: 1 })
export class WalletDestruction {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly custody: Custody,
    private readonly clock: Clock,
  ) {}

  /** Runs in the transaction that erases the account. */
  async requestOf(tx: EntityManager, userId: string): Promise<void> {
    const made = await tx.findBy(EmbeddedWalletEntity, { createdFor: userId, createdAt: Not(IsNull()) });
    for (const { walletId } of made) await this.request(tx, walletId);
  }

  /** @returns how many keys were destroyed */
  async run(): Promise<number> {
    await this.giveUpUnfinished();
    for (let destroyed = 0; ;) {
      const due = await this.database.read((manager) =>
        manager.find(WalletDestructionEntity, { order: { requestedAt: 'ASC' }, take: BATCH }),
      );
      for (const { walletId, callId } of due) {
        // Custody's rules allow no more in this hour, so a later run continues.
        if (!(await this.destroy(walletId, callId))) return destroyed;
        await this.database.transaction((tx) => tx.delete(WalletDestructionEntity, { walletId }));
        destroyed += 1;
      }
      if (due.length < BATCH) return destroyed;
    }
  }

  /** A key that custody does not have counts as destroyed. @returns false if custody's rules allow no more now */
  private async destroy(walletId: string, callId: string): Promise<boolean> {
    try {
      await this.custody.client.destroy({ callId, walletId });
    } catch (error) {
      const code = error instanceof Refused ? error.code : null;
      if (code === 'above_hour') return false;
      if (code !== 'wallet_unknown' && code !== 'wallet_destroyed') throw error;
    }
    return true;
  }

  /** Destroys wallets that were requested a day ago and never created. */
  private async giveUpUnfinished(): Promise<void> {
    const requestedAt = new Date(this.clock.now().getTime() - DAY);
    await this.database.transaction(async (tx) => {
      const unfinished = await this.embedded.lockUnfinished(tx, requestedAt, BATCH);
      for (const walletId of unfinished) await this.request(tx, walletId);
    });
  }

  private async request(tx: EntityManager, walletId: string): Promise<void> {
    await tx.delete(EmbeddedWalletEntity, { walletId });
    await tx.insert(WalletDestructionEntity, {
      walletId,
      callId: uuidv7(),
      requestedAt: this.clock.now(),
    });
  }
}
