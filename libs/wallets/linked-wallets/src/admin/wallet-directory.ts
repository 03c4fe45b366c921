import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { walletError } from '../wallets.errors';
import { WalletEntity } from '../store/wallet.entity';

/** A wallet without what is sealed. */
export type ListedWallet = Omit<WalletEntity, 'label' | 'address' | 'walletKey' | 'evidence'>;

const COLUMNS = [
  'id',
  'userId',
  'identityId',
  'kind',
  'provider',
  'environment',
  'chainId',
  'isPrimary',
  'linkedAt',
  'checkedAt',
] as const satisfies readonly (keyof ListedWallet)[];

/** Wallets of all people, for operators, without any personal field. Lists answer one row more than the limit. */
@Injectable()
export class WalletDirectory {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
  ) {}

  /** Newest first. @param userId the id of a merged account stands for the surviving one */
  async list({ userId }: { readonly userId?: string }, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const current = userId === undefined ? null : await this.users.resolveId(userId.toLowerCase());
    return this.database.read((manager) => {
      const query = selected(manager);
      if (current !== null) query.andWhere('wallet.userId = :current', { current });
      return newestFirst(query, 'wallet.id', keyset);
    });
  }

  /** @throws AppError wallet.not_found */
  async get(walletId: string): Promise<ListedWallet> {
    const found = await this.database.read((manager) =>
      selected(manager).andWhere('wallet.id = :walletId', { walletId }).getOne(),
    );
    if (!found) throw walletError('wallet.not_found');
    return found;
  }
}

function selected(manager: EntityManager): SelectQueryBuilder<WalletEntity> {
  return manager
    .createQueryBuilder(WalletEntity, 'wallet')
    .select(COLUMNS.map((column) => `wallet.${column}`));
}
