import { Injectable } from '@nestjs/common';
import type { CustodyHealth } from '@countersign/custody-client';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { walletError } from '@countersign/linked-wallets';
import { Custody } from '../custody';
import { WalletFreezing } from '../freezing/wallet-freezing';
import type { EmbeddedState } from '../own/embedded-state.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { CustodyResponse } from './custody.dto';

/** What operators see of custody and of embedded wallets: never a key. */
@Injectable()
export class CustodyOperations {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly freezing: WalletFreezing,
    private readonly custody: Custody,
  ) {}

  async read(): Promise<CustodyResponse> {
    const [health, brake] = [await this.healthIfThere(), await this.freezing.brake()];
    return {
      isReachable: health !== null,
      toRewrap: health?.toRewrap ?? null,
      journalEntries: health?.journal.sequence ?? null,
      stoppedAt: brake?.appliedAt.toISOString() ?? null,
      stoppedFor: brake?.reason ?? null,
    };
  }

  /** @throws AppError wallet.not_found */
  async stateOf(walletId: string): Promise<EmbeddedState> {
    return this.database.read(async (manager) => {
      const state = await this.embedded.find(manager, walletId);
      if (!state?.createdAt) throw walletError('wallet.not_found');
      return { state, grants: await this.embedded.grantsOf(manager, walletId) };
    });
  }

  private async healthIfThere(): Promise<CustodyHealth | null> {
    try {
      return await this.custody.client.health();
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}
