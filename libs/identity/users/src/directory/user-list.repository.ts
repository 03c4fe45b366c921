import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import type { Keyset } from '@countersign/http';
import { UserErasureEntity } from '../erasure/erasure.entity';
import { IdentityEntity } from '../store/identity.entity';
import type { UserStatus } from '../user';
import { UserApplicationEntity, UserEntity } from '../store/user.entity';

/** Which accounts to list. */
export interface UserFilter {
  readonly status?: UserStatus | undefined;
  /** At this instant or later. */
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

type UserRow = Pick<UserEntity, 'id' | 'status' | 'createdAt'>;
type IdentityRow = Pick<IdentityEntity, 'id' | 'userId' | 'provider'>;
type ErasureRow = Pick<UserErasureEntity, 'userId' | 'kind' | 'reason' | 'eraseAt'>;

/** Closed words, as texts of a statement: with parameters a prepared plan could not use a partial index. */
const STATUSES: Record<UserStatus, string> = {
  active: `account.status = 'active'`,
  deactivated: `account.status = 'deactivated'`,
};

/** Accounts for operators: no column that is read here is sealed. */
@Injectable()
export class UserListRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    filter: UserFilter,
    { afterId, limit }: Keyset,
  ): Promise<readonly UserRow[]> {
    const query = filtered(manager, filter).select(['account.id', 'account.status', 'account.createdAt']);
    if (afterId !== null) query.andWhere('account.id < :afterId', { afterId });
    return query
      .orderBy('account.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  async find(manager: EntityManager, id: string): Promise<UserRow | null> {
    return manager.findOne(UserEntity, {
      select: { id: true, status: true, createdAt: true },
      where: { id },
    });
  }

  async identitiesOf(manager: EntityManager, userIds: readonly string[]): Promise<readonly IdentityRow[]> {
    return manager.find(IdentityEntity, {
      select: { id: true, userId: true, provider: true },
      where: { userId: In([...userIds]) },
      order: { userId: 'ASC', id: 'ASC' },
    });
  }

  async erasuresOf(manager: EntityManager, userIds: readonly string[]): Promise<readonly ErasureRow[]> {
    return manager.find(UserErasureEntity, {
      select: { userId: true, kind: true, reason: true, eraseAt: true },
      where: { userId: In([...userIds]) },
    });
  }

  /** Their visits: at most one for each application. */
  async visitsOf(
    manager: EntityManager,
    userIds: readonly string[],
  ): Promise<readonly Pick<UserApplicationEntity, 'userId' | 'lastSeenOn'>[]> {
    return manager.find(UserApplicationEntity, {
      select: { userId: true, applicationId: true, lastSeenOn: true },
      where: { userId: In([...userIds]) },
    });
  }
}

function filtered(
  manager: EntityManager,
  { status, createdAfter, createdBefore }: UserFilter,
): SelectQueryBuilder<UserEntity> {
  const query = manager.createQueryBuilder(UserEntity, 'account');
  if (status) query.andWhere(STATUSES[status]);
  if (createdAfter) query.andWhere('account.id >= :from', { from: leastIdAt(createdAfter) });
  if (createdBefore) query.andWhere('account.id < :before', { before: leastIdAt(createdBefore) });
  return query;
}

/**
 * The least UUIDv7 (RFC 9562 section 5.7) of an instant: ids made from then on are not below it, earlier ones are. The
 * instant in an id is that of the replica's clock.
 */
function leastIdAt(instant: Date): string {
  const hex = Math.max(0, instant.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
