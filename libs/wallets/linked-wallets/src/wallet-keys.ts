import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, unlessSealed, type DataKey } from '@countersign/crypto';
import { openDataKey } from '@countersign/users';
import { keysOf, type OpenedWallet } from './store/wallet-sealing';
import { WalletsRepository, type WalletKeyRow } from './store/wallets.repository';
import { walletError } from './wallets.errors';

/** By wallet id. `null`: the key cannot be opened, because a row is damaged or the ring has lost its key. */
type OpenedWallets = ReadonlyMap<string, OpenedWallet | null>;

/** Opens wallets' keys for other modules that store rows about wallets. */
@Injectable()
export class WalletKeys {
  constructor(
    private readonly wallets: WalletsRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * Locks the wallets until the transaction ends, because the rows about a wallet are deleted with it. The order of ids
   * is also that of unlinking and merging.
   * @returns the wallets that still exist
   */
  async open(tx: EntityManager, walletIds: readonly string[]): Promise<OpenedWallets> {
    if (walletIds.length === 0) return new Map();
    await this.wallets.lockShared(tx, walletIds);
    return this.opened(await this.wallets.findKeys(tx, walletIds));
  }

  /** Does the same as `open`. */
  async openOne(tx: EntityManager, walletId: string): Promise<OpenedWallet> {
    return only(await this.open(tx, [walletId]));
  }

  /** Takes no lock. */
  async read(manager: EntityManager, walletIds: readonly string[]): Promise<OpenedWallets> {
    return walletIds.length === 0 ? new Map() : this.opened(await this.wallets.findKeys(manager, walletIds));
  }

  /** Does the same as `read`. */
  async readOne(manager: EntityManager, walletId: string): Promise<OpenedWallet> {
    return only(await this.read(manager, [walletId]));
  }

  /** Reads all wallets of a person in the order of their ids, without a lock. */
  async readOf(
    manager: EntityManager,
    { userId, dataKey }: { readonly userId: string; readonly dataKey: DataKey },
  ): Promise<OpenedWallets> {
    const found = await this.wallets.findKeysOf(manager, userId);
    return new Map(found.map((row) => [row.walletId, unlessSealed(() => toOpened(row, dataKey))]));
  }

  private opened(found: readonly WalletKeyRow[]): OpenedWallets {
    const open = (row: WalletKeyRow) => toOpened(row, openDataKey(this.keyRing, row.userId, row.ownerKey));
    return new Map(found.map((row) => [row.walletId, unlessSealed(() => open(row))]));
  }
}

function only(found: OpenedWallets): OpenedWallet {
  const [wallet] = found.values();
  if (!wallet) throw walletError('wallet.not_found');
  return wallet;
}

function toOpened({ ownerKey: _, walletKey, ...row }: WalletKeyRow, owner: DataKey): OpenedWallet {
  return { ...row, ...keysOf(owner, row.walletId, walletKey) };
}
