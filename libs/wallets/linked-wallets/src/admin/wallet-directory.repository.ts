import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { WalletEntity } from '../store/wallet.entity';
import type { WalletFilter } from './wallet-filter';

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

/** Wallets for operators: no column that is read here is sealed. */
@Injectable()
export class WalletDirectoryRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    filter: WalletFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly ListedWallet[]> {
    const query = filtered(manager, filter);
    if (afterId !== null) query.andWhere('wallet.id < :afterId', { afterId });
    return query
      .orderBy('wallet.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  async find(manager: EntityManager, id: string): Promise<ListedWallet | null> {
    return filtered(manager, {}).andWhere('wallet.id = :id', { id }).getOne();
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
