import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UserDirectory, UsersService } from '@countersign/users';
import { walletError } from '../wallets.errors';
import { WalletDirectoryRepository, type ListedWallet } from './wallet-directory.repository';
import type { WalletFilter } from './wallet-filter';

/** Wallets of all people, for operators, without any personal field. Lists answer one row more than the limit. */
@Injectable()
export class WalletDirectory {
  constructor(
    private readonly database: Database,
    private readonly directory: WalletDirectoryRepository,
    private readonly users: UsersService,
    private readonly accounts: UserDirectory,
  ) {}

  /** Newest first. */
  async list(filter: WalletFilter, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const current = await this.ofSurvivor(filter);
    return this.database.read((manager) => this.directory.list(manager, current, keyset));
  }

  /** @throws AppError wallet.not_found */
  async get(walletId: string): Promise<ListedWallet> {
    const found = await this.database.read((manager) => this.directory.find(manager, walletId));
    if (!found) throw walletError('wallet.not_found');
    return found;
  }

  /** Newest first. The id of a merged account stands for the surviving one. @throws AppError user.not_found */
  async listOfUser(userId: string, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const { userId: currentId } = await this.accounts.get(userId);
    return this.database.read((manager) => this.directory.list(manager, { userId: currentId }, keyset));
  }

  private async ofSurvivor({ userId, ...filter }: WalletFilter): Promise<WalletFilter> {
    return { ...filter, userId: userId === undefined ? undefined : await this.users.resolveId(userId) };
  }
}
