import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdentityAliasEntity, IdentityEntity } from '../store/identity.entity';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from '../store/user.entity';

/** The rows of a user, for an export. */
@Injectable()
export class UsersExportRepository {
  async findUser(manager: EntityManager, id: string): Promise<UserEntity | null> {
    return manager.findOneBy(UserEntity, { id });
  }

  async aliasesOf(manager: EntityManager, userId: string): Promise<readonly UserAliasEntity[]> {
    return manager.find(UserAliasEntity, { where: { userId }, order: { id: 'ASC' } });
  }

  async visitsOf(manager: EntityManager, userId: string): Promise<readonly UserApplicationEntity[]> {
    return manager.find(UserApplicationEntity, { where: { userId }, order: { applicationId: 'ASC' } });
  }

  async identitiesOf(manager: EntityManager, userId: string): Promise<readonly IdentityEntity[]> {
    return manager.find(IdentityEntity, { where: { userId }, order: { id: 'ASC' } });
  }

  async namesOf(manager: EntityManager, identityId: string): Promise<readonly IdentityAliasEntity[]> {
    return manager.find(IdentityAliasEntity, {
      where: { identityId },
      order: { issuer: 'ASC', audience: 'ASC' },
    });
  }

  /** Deletes the rows of a user. The data key goes with them. */
  async deleteUser(tx: EntityManager, userId: string): Promise<void> {
    // Their digests and aliases go by foreign keys.
    await tx.delete(IdentityEntity, { userId });
    await tx.delete(UserEntity, { id: userId });
  }
}
