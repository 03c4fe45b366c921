import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { ErasureKind, ErasureReason } from '../erasure/erasure';
import type { UserStatus } from '../user';
import { userError } from '../user.errors';
import { UsersRepository } from '../store/users.repository';
import { UserListRepository, type UserFilter } from './user-list.repository';

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
    readonly kind: ErasureKind;
    readonly reason: ErasureReason;
    readonly eraseAt: Date;
  } | null;
}

/** Accounts for operators. */
@Injectable()
export class UserDirectory {
  constructor(
    private readonly database: Database,
    private readonly lists: UserListRepository,
    private readonly users: UsersRepository,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: UserFilter, keyset: Keyset): Promise<readonly ListedUser[]> {
    return this.database.read(async (manager) =>
      this.complete(manager, await this.lists.list(manager, filter, keyset)),
    );
  }

  /** For the id of a merged account the surviving one. @throws AppError user.not_found */
  async get(userId: string): Promise<ListedUser> {
    return this.database.read(async (manager) => {
      const found = await this.lists.find(manager, await this.users.resolveId(manager, userId));
      const [user] = found ? await this.complete(manager, [found]) : [];
      if (!user) throw userError('user.not_found');
      return user;
    });
  }

  private async complete(
    manager: EntityManager,
    found: Awaited<ReturnType<UserListRepository['list']>>,
  ): Promise<readonly ListedUser[]> {
    const ids = found.map(({ id }) => id);
    if (ids.length === 0) return [];
    const identities = await this.lists.identitiesOf(manager, ids);
    const erasures = await this.lists.erasuresOf(manager, ids);
    const visits = await this.lists.visitsOf(manager, ids);
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
