import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type DataKey } from '@countersign/crypto';
import { locked, lockRow, rows, type Locked, type RowOf } from '@countersign/database';
import { openDataKey } from './data-keys';
import { fieldAssurancesOf, openContent } from './profile-sealing';
import { UserAliasEntity, UserApplicationEntity, UserEntity } from './user.entity';
import { IDENTITY_COLUMNS, SET_NOT_BEFORE, type IdentityRow, trustOf, type SEEN } from './users.sql';
import type { Identity, LockedUser, User } from '../user';
import { noSuchUser } from '../user.errors';

type OwnRow = IdentityRow & {
  readonly createdAt: Date;
  readonly userCreatedAt: Date;
  readonly hasProfile: boolean;
};

@Injectable()
export class UsersRepository {
  constructor(private readonly keyRing: KeyRing) {}

  async resolveId(manager: EntityManager, userId: string): Promise<string> {
    const found = await manager.findOneBy(UserAliasEntity, { id: userId });
    return found?.userId ?? userId;
  }

  /** Like `setAuthNotBefore`, for proofs made for one application. */
  async setNotBeforeIn(
    tx: EntityManager,
    { userId, applicationId }: RowOf<typeof SEEN>,
    proofs: 'all' | 'weak',
    { day, at }: { readonly day: string; readonly at: Date },
  ): Promise<void> {
    await tx.query(SET_NOT_BEFORE[proofs], [userId, applicationId, day, at]);
  }

  /** Locks the users in the order of their ids, as merges do. */
  async setAuthNotBefore(tx: EntityManager, userIds: readonly string[], at: Date): Promise<void> {
    await tx.query(
      `WITH locked AS (SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE)
       UPDATE users SET auth_not_before = GREATEST(auth_not_before, $2) WHERE id = ANY(ARRAY(SELECT id FROM locked))`,
      [userIds, at],
    );
  }

  async lockById(tx: EntityManager, userId: string): Promise<LockedUser | null> {
    const row = await lockRow(tx, UserEntity, { id: userId });
    return row && lockedUserOf(this.keyRing, row);
  }

  async findSecrets(
    manager: EntityManager,
    userId: string,
  ): Promise<Pick<UserEntity, 'id' | 'dataKey' | 'auditPseudonym'> | null> {
    return manager.findOne(UserEntity, {
      select: { id: true, dataKey: true, auditPseudonym: true },
      where: { id: userId },
    });
  }

  async getDataKey(manager: EntityManager, userId: string): Promise<DataKey> {
    const found = await this.findSecrets(manager, userId);
    if (!found) throw noSuchUser(userId);
    return openDataKey(this.keyRing, userId, found.dataKey);
  }

  async findById(manager: EntityManager, userId: string): Promise<User | null> {
    const found = await rows<OwnRow>(
      manager,
      `SELECT ${IDENTITY_COLUMNS}, i.created_at AS "createdAt", u.created_at AS "userCreatedAt", u.has_profile AS "hasProfile" FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1 ORDER BY i.id`,
      [userId],
    );
    const [first] = found;
    if (!first) return null;
    const dataKey = openDataKey(this.keyRing, first.userId, first.dataKey);
    return {
      id: first.userId,
      status: first.status,
      isClosed: first.isClosed,
      hasProfile: first.hasProfile,
      createdAt: first.userCreatedAt,
      identities: found.map((row) => toIdentity(row, dataKey)),
    };
  }

  async applicationIdsOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const found = await manager.find(UserApplicationEntity, {
      select: { applicationId: true },
      where: { userId },
      order: { applicationId: 'ASC' },
    });
    return found.map(({ applicationId }) => applicationId);
  }
}

/** The key is opened at its first use, because some work also runs for a user whose key cannot be opened. */
export function lockedUserOf(
  keyRing: KeyRing,
  row: Locked<UserEntity>,
): LockedUser & { readonly createdAt: Date } {
  const { id: userId, status, isClosed, createdAt, auditPseudonym, dataKey: stored } = row;
  let opened: DataKey | undefined;
  return locked({
    userId,
    status,
    isClosed,
    createdAt,
    auditPseudonym,
    get dataKey() {
      return (opened ??= openDataKey(keyRing, userId, stored));
    },
  });
}

function toIdentity(row: OwnRow, dataKey: DataKey): Identity {
  const { cap, isFounding } = trustOf(row);
  const { subject, profile } = openContent(dataKey, row.identityId, row.content);
  return {
    id: row.identityId,
    provider: row.provider,
    environment: row.environment,
    subject,
    profile,
    given: fieldAssurancesOf(row),
    createdAt: row.createdAt,
    cap,
    isFounding,
  };
}
