import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { UserDirectory, UsersService } from '@countersign/users';
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

/** Which wallets an operator asks for. */
export interface WalletFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
}

/** Wallets of all people, for operators, without any personal field. Lists answer one row more than the limit. */
@Injectable()
export class WalletDirectory {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly accounts: UserDirectory,
  ) {}

  /** Newest first. */
  async list(filter: WalletFilter, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const current = await this.ofSurvivor(filter);
    return this.database.read((manager) => newestFirst(filtered(manager, current), 'wallet.id', keyset));
  }

  /** @throws AppError wallet.not_found */
  async get(walletId: string): Promise<ListedWallet> {
    const found = await this.database.read((manager) =>
      filtered(manager, {}).andWhere('wallet.id = :walletId', { walletId }).getOne(),
    );
    if (!found) throw walletError('wallet.not_found');
    return found;
  }

  /** Newest first. The id of a merged account stands for the surviving one. @throws AppError user.not_found */
  async listOfUser(userId: string, keyset: Keyset): Promise<readonly ListedWallet[]> {
    const { userId: currentId } = await this.accounts.get(userId);
    return this.list({ userId: currentId }, keyset);
  }

  private async ofSurvivor({ userId, ...filter }: WalletFilter): Promise<WalletFilter> {
    return { ...filter, userId: userId === undefined ? undefined : await this.users.resolveId(userId) };
  }
}

function filtered(
  manager: EntityManager,
  { userId, provider }: WalletFilter,
): SelectQueryBuilder<WalletEntity> {
  const query = manager
    .createQueryBuilder(WalletEntity, 'wallet')
    .select(COLUMNS.map((column) => `wallet.${column}`));
  if (userId !== undefined) query.andWhere('wallet.userId = :userId', { userId });
  if (provider !== undefined) query.andWhere('wallet.provider = :provider', { provider });
  return query;
}
