import { Injectable } from '@nestjs/common';
import type { CustodyHealth } from '@countersign/custody-client';
import { AppError } from '@countersign/errors';
import { walletError } from '@countersign/linked-wallets';
import { Custody } from '../custody';
import { EmbeddedStates, type EmbeddedState } from '../own/embedded-state.service';
import type { CustodyResponse } from './custody.dto';

/** What operators see of custody and of embedded wallets: never a key. */
@Injectable()
export class CustodyOperations {
  constructor(
    private readonly states: EmbeddedStates,
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
    const found = await this.states.find(walletId);
    if (!found) throw walletError('wallet.not_found');
    return found;
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
