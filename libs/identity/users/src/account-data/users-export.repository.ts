import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { IdentityAliasEntity, IdentityEntity } from '../store/identity.entity';
import { UserEntity } from '../store/user.entity';

/** The rows of a user, for an export. */
@Injectable()
export class UsersExportRepository {
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
