import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { countUpTo, type CountResponse } from '@countersign/admin';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { RecoveryState } from '../recovery/recovery.dto';
import { WalletRecoveryEntity } from '../recovery/recovery.entities';

/** The filter of an operator. */
export interface RecoveryFilter {
  /** Open ones if absent. */
  readonly state?: RecoveryState | undefined;
  /** The old or the asking account. */
  readonly userId?: string | undefined;
}

/** Recoveries of wallets of all people, for operators. Lists answer one row more than the limit. */
@Injectable()
export class RecoveryDirectory {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list(filter: RecoveryFilter, { afterId, limit }: Keyset): Promise<readonly WalletRecoveryEntity[]> {
    return this.database.read(async (manager) => {
      const query = filtered(manager, filter);
      if (afterId !== null) query.andWhere('recovery.id < :afterId', { afterId });
      return query
        .orderBy('recovery.id', 'DESC')
        .limit(limit + 1)
        .getMany();
    });
  }

  async count(filter: RecoveryFilter): Promise<CountResponse> {
    return this.database.read((manager) => {
      const [statement, parameters] = filtered(manager, filter)
        .select('recovery.id', 'id')
        .getQueryAndParameters();
      return countUpTo(manager, `FROM (${statement}) AS found`, parameters);
    });
  }
}

function filtered(
  manager: EntityManager,
  { state, userId }: RecoveryFilter,
): SelectQueryBuilder<WalletRecoveryEntity> {
  const query = manager.createQueryBuilder(WalletRecoveryEntity, 'recovery');
  const isOpen = state === undefined || state === 'waiting' || state === 'accepted';
  if (isOpen) query.where('recovery.endedAt IS NULL');
  else query.where('recovery.endedAt IS NOT NULL AND recovery.outcome = :state', { state });
  if (state === 'waiting') query.andWhere('recovery.acceptedAt IS NULL');
  if (state === 'accepted') query.andWhere('recovery.acceptedAt IS NOT NULL');
  if (userId !== undefined)
    query.andWhere('(recovery.oldUserId = :userId OR recovery.askingUserId = :userId)', { userId });
  return query;
}
