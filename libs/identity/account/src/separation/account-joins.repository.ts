import { Injectable } from '@nestjs/common';
import { ArrayContains, MoreThan, type EntityManager } from 'typeorm';
import { AccountJoinEntity } from './account-join.entity';

/** Merges that can be separated. The caller of what changes them holds the locks of the users. */
@Injectable()
export class AccountJoinsRepository {
  async insert(tx: EntityManager, join: AccountJoinEntity): Promise<void> {
    await tx.insert(AccountJoinEntity, join);
  }

  async find(manager: EntityManager, id: string): Promise<AccountJoinEntity | null> {
    return manager.findOneBy(AccountJoinEntity, { id });
  }

  async findByMergedId(manager: EntityManager, mergedUserId: string): Promise<AccountJoinEntity | null> {
    return manager.findOneBy(AccountJoinEntity, { mergedUserId });
  }

  /** Newest first. */
  async listOf(manager: EntityManager, userId: string): Promise<readonly AccountJoinEntity[]> {
    return manager.find(AccountJoinEntity, { where: { userId }, order: { id: 'DESC' } });
  }

  /** The newest one by which an identity came, as long as it can be separated. */
  async findOfIdentity(
    manager: EntityManager,
    identityId: string,
    now: Date,
  ): Promise<AccountJoinEntity | null> {
    return manager.findOne(AccountJoinEntity, {
      where: { identityIds: ArrayContains([identityId]), separableUntil: MoreThan(now) },
      order: { id: 'DESC' },
    });
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(AccountJoinEntity, { id });
  }
}
