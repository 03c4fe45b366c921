import { Injectable } from '@nestjs/common';
import { In, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { ErasureReason } from '../erasure/erasure.entity';
import type { UserStatus } from '../user';
import { userError } from '../user.errors';
import { UsersRepository } from '../store/users.repository';
import { UserErasureEntity } from '../erasure/erasure.entity';
import { IdentityEntity } from '../store/identity.entity';
import { UserApplicationEntity, UserEntity } from '../store/user.entity';

type UserRow = Pick<UserEntity, 'id' | 'status' | 'createdAt'>;

/** Closed words, as texts of a statement: with parameters a prepared plan could not use a partial index. */
const STATUSES: Record<UserStatus, string> = {
  active: `account.status = 'active'`,
  deactivated: `account.status = 'deactivated'`,
};

/** An account as operators see it: without any personal field. */
export interface ListedUser {
  readonly userId: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  /** Of the last visit of any application, as `2026-11-20` in UTC. */
  readonly lastSeenOn: string | null;
  readonly identityCount: number;
  /** Of its identities, in the order of the alphabet. */
  readonly providers: readonly string[];
  /** The requested erasure. */
  readonly erasure: {
    readonly reason: ErasureReason;
    readonly eraseAt: Date;
  } | null;
}

/** Accounts for operators: no column that is read here is sealed. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(status: UserStatus | undefined, keyset: Keyset): Promise<readonly ListedUser[]> {
    return this.database.read(async (manager) =>
      this.complete(manager, await newestFirst(filtered(manager, status), 'account.id', keyset)),
    );
  }

  /** For the id of a merged account the surviving one. @throws AppError user.not_found */
  async get(userId: string): Promise<ListedUser> {
    return this.database.read(async (manager) => {
      const id = await this.users.resolveId(manager, userId);
      const found = await filtered(manager).andWhere('account.id = :id', { id }).getOne();
      const [user] = found ? await this.complete(manager, [found]) : [];
      if (!user) throw userError('user.not_found');
      return user;
    });
  }

  private async complete(manager: EntityManager, found: readonly UserRow[]): Promise<readonly ListedUser[]> {
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) return [];
    const where = { userId: In(ids) };
    const identities = await manager.find(IdentityEntity, {
      select: { id: true, userId: true, provider: true },
      where,
      order: { userId: 'ASC', id: 'ASC' },
    });
    const erasures = await manager.find(UserErasureEntity, {
      select: { userId: true, reason: true, eraseAt: true },
      where,
    });
    const visits = await manager.find(UserApplicationEntity, {
      select: { userId: true, applicationId: true, lastSeenOn: true },
      where,
    });
    return found.map(({ id, status, createdAt }) => {
      const own = identities.filter(({ userId }) => userId === id);
      const days = visits.filter(({ userId }) => userId === id).map(({ lastSeenOn }) => lastSeenOn);
      return {
        userId: id,
        status,
        createdAt,
        lastSeenOn: days.toSorted().at(-1) ?? null,
        identityCount: own.length,
        providers: [...new Set(own.map(({ provider }) => provider))].toSorted(),
        erasure: erasures.find(({ userId }) => userId === id) ?? null,
      };
    });
  }
}

function filtered(manager: EntityManager, status?: UserStatus): SelectQueryBuilder<UserEntity> {
  const query = manager
    .createQueryBuilder(UserEntity, 'account')
    .select(['account.id', 'account.status', 'account.createdAt']);
  return status ? query.andWhere(STATUSES[status]) : query;
}
