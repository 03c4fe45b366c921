import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type DataKey } from '@countersign/crypto';
import { openDataKey } from '@countersign/users';
import { keysOf, type OpenedWallet } from './wallet-sealing';
import { WalletKeysRepository, type WalletKeyRow } from './wallet-keys.repository';

/** Opens the keys of wallets, for what other modules store about them. */
@Injectable()
export class WalletKeys {
  constructor(
    private readonly rows: WalletKeysRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * Locks the wallets, so that none goes away before the transaction ends: what is written about them is deleted with
   * them. Call it once in a transaction, or in the order of ids: unlinking and merging lock in that order too.
   * @returns by id; without those that are gone
   */
  async open(tx: EntityManager, walletIds: readonly string[]): Promise<ReadonlyMap<string, OpenedWallet>> {
    if (walletIds.length === 0) return new Map();
    await this.rows.lockShared(tx, walletIds);
    return this.opened(await this.rows.find(tx, walletIds));
  }

  /** Without a lock, for reading. */
  async read(
    manager: EntityManager,
    walletIds: readonly string[],
  ): Promise<ReadonlyMap<string, OpenedWallet>> {
    return walletIds.length === 0 ? new Map() : this.opened(await this.rows.find(manager, walletIds));
  }

  /** All wallets of a person, oldest first, without a lock. */
  async readOf(
    manager: EntityManager,
    { userId, dataKey }: { readonly userId: string; readonly dataKey: DataKey },
  ): Promise<readonly OpenedWallet[]> {
    const found = await this.rows.findOf(manager, userId);
    return found.map((row) => toOpened(row, dataKey));
  }

  private opened(found: readonly WalletKeyRow[]): ReadonlyMap<string, OpenedWallet> {
    return new Map(
      found.map((row) => [row.walletId, toOpened(row, openDataKey(this.keyRing, row.userId, row.ownerKey))]),
    );
  }
}

function toOpened({ ownerKey: _, walletKey, ...row }: WalletKeyRow, owner: DataKey): OpenedWallet {
  return { ...row, ...keysOf(owner, row.walletId, walletKey) };
}
