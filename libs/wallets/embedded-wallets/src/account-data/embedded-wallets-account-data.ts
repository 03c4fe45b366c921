import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HasAccountData, type AccountData, type ExportSection } from '@countersign/users';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

/** Embedded wallets as data of an account. They move and go with their rows in `wallets`. */
@Injectable()
@HasAccountData('others')
export class EmbeddedWalletsAccountData implements AccountData {
  constructor(private readonly embedded: EmbeddedWalletsRepository) {}

  /** @returns no sessions: none ends */
  merge(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  /** Nothing: wallets are counted as such. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async walletsToForfeit(manager: EntityManager, userId: string): Promise<readonly string[]> {
    return this.embedded.listNotExported(manager, userId);
  }

  exportOf(): readonly ExportSection[] {
    return [];
  }

  /** `WalletDestruction` has the keys destroyed when the wallets leave. */
  erase(): Promise<void> {
    return Promise.resolve();
  }
}
