import { Injectable } from '@nestjs/common';
import type { CustodyHealth } from '@countersign/custody-client';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { walletError } from '@countersign/linked-wallets';
import { Custody } from '../custody';
import type { EmbeddedState } from '../own/embedded-state.service';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { CustodyResponse } from './custody.dto';

/** What operators see of custody and of embedded wallets: never a key. */
@Injectable()
export class CustodyOperations {
  constructor(
    private readonly database: Database,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly custody: Custody,
  ) {}

  async read(): Promise<CustodyResponse> {
    const health = await this.healthIfThere();
    return {
      isReachable: health !== null,
      toRewrap: health?.toRewrap ?? null,
      journalEntries: health?.journal.sequence ?? null,
      stoppedAt: health?.brake?.since ?? null,
      stoppedFor: health?.brake?.reason ?? null,
    };
  }

  /** @throws AppError wallet.not_found, wallet.key_missing, wallet.embedded_off, wallet.custody_unavailable */
  async stateOf(walletId: string): Promise<EmbeddedState> {
    const found = await this.database.read(async (manager) => {
      const state = await this.embedded.find(manager, walletId);
      if (!state?.createdAt) throw walletError('wallet.not_found');
      return { state, grants: await this.embedded.grantsOf(manager, walletId) };
    });
    return { ...found, frozenAt: await this.custody.frozenAt(walletId) };
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
