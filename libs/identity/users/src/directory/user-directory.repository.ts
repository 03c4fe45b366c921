import { Injectable } from '@nestjs/common';
import { Database, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { ErasureReason } from '../erasure/erasure.entity';
import { UsersRepository } from '../store/users.repository';
import type { UserStatus } from '../user';
import { userError } from '../user.errors';

/** Literals, because a prepared plan cannot use a partial index with parameters. */
const STATUSES: Record<UserStatus, string> = {
  active: `u.status = 'active'`,
  deactivated: `u.status = 'deactivated'`,
};

/** An account for operators. No selected column is sealed. */
export interface ListedUser {
  readonly userId: string;
  readonly status: UserStatus;
  readonly createdAt: Date;
  /** The day of the last visit to any application, as `2026-11-20` in UTC. */
  readonly lastSeenOn: string | null;
  readonly identityCount: number;
  /** In alphabetical order. */
  readonly providers: readonly string[];
  readonly erasesAt: Date | null;
  readonly erasureReason: ErasureReason | null;
}

const listed = (conditions: readonly string[]): string => `
  SELECT u.id AS "userId", u.status, u.created_at AS "createdAt",
    (SELECT max(last_seen_on)::text FROM user_applications v WHERE v.user_id = u.id) AS "lastSeenOn",
    (SELECT count(*)::int FROM identities i WHERE i.user_id = u.id) AS "identityCount",
    ARRAY(SELECT DISTINCT provider FROM identities i WHERE i.user_id = u.id ORDER BY 1) AS providers,
    e.erase_at AS "erasesAt", e.reason AS "erasureReason"
  FROM users u LEFT JOIN user_erasures e ON e.user_id = u.id
  WHERE ${['true', ...conditions].join(' AND ')} ORDER BY u.id DESC LIMIT $1`;

@Injectable()
export class UserDirectory {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
  ) {}

  async list(status: UserStatus | undefined, { afterId, limit }: Keyset): Promise<readonly ListedUser[]> {
    const conditions = [...(status ? [STATUSES[status]] : []), ...(afterId === null ? [] : ['u.id < $2'])];
    const values = [limit + 1, ...(afterId === null ? [] : [afterId])];
    return this.database.read((manager) => rows<ListedUser>(manager, listed(conditions), values));
  }

  /** The id of a merged account finds the survivor. */
  async get(userId: string): Promise<ListedUser> {
    const [user] = await this.database.read(async (manager) => {
      const id = await this.users.resolveId(manager, userId);
      return rows<ListedUser>(manager, listed(['u.id = $2']), [1, id]);
    });
    if (!user) throw userError('user.not_found');
    return user;
  }
}
