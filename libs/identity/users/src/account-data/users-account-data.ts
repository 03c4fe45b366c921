import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NamesPeople, personActor, type AuditNamesSource } from '@countersign/audit';
import { HasAccountData, type AccountData, type Merged, type Returned } from './account-data';
import { IdentityEntity } from '../store/identity.entity';
import { openContent } from '../store/profile-sealing';
import { UserEntity } from '../store/user.entity';
import { combineVisits, countOfUser, lockIdentities, moveIdentity } from '../moves/user-moves.repository';
import {
  UserMerging,
  type MergedUser,
  type MergePair,
  type ReturnPair,
} from '../moves/user-merging.repository';
import { UsersRepository } from '../store/users.repository';
import type { ExportedRows } from './exported-rows.repository';
import type { OwnedRows } from './owned-rows.repository';
import type { LockedUser } from '../user';

const UNTIL_ERASED = 'Until the account is erased.';

@Injectable()
@HasAccountData('users')
@NamesPeople()
export class UsersAccountData implements AccountData, AuditNamesSource {
  readonly name = 'users';
  readonly owned: readonly OwnedRows[] = [
    { table: 'user_aliases', key: ['id'] },
    { table: 'user_applications', key: ['application_id'], leave: true },
  ];
  readonly lost = {
    applications: 'FROM user_applications WHERE user_id = $1',
    formerIds: 'FROM user_aliases WHERE user_id = $1',
  };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'account',
      meaning: 'The account: its state, and from when on proofs of the person count.',
      retention: UNTIL_ERASED,
      sql: `SELECT id AS cursor, id AS user_id, status, audit_pseudonym, auth_not_before, platform_proven_at,
          created_at, updated_at
        FROM users WHERE id = $1`,
    },
    {
      name: 'erasures',
      meaning: 'The requested erasure of the account.',
      retention: 'Until the erasure is done or cancelled.',
      sql: `SELECT user_id AS cursor, reason, assurance, application_id, requested_at, erase_at AS erases_at
        FROM user_erasures WHERE user_id = $1`,
    },
    {
      name: 'formerIds',
      meaning: 'Ids of accounts that were merged into this one.',
      retention: UNTIL_ERASED,
      sql: 'SELECT id AS cursor, id AS user_id, created_at AS merged_at FROM user_aliases WHERE user_id = $1',
    },
    {
      name: 'applications',
      meaning: 'The first and the last day on which the person signed in to an application.',
      retention: UNTIL_ERASED,
      sql: `SELECT application_id AS cursor, application_id, first_seen_on::text, last_seen_on::text, not_before,
          weak_not_before
        FROM user_applications WHERE user_id = $1`,
    },
    {
      name: 'identities',
      meaning: 'The identities at platforms, with the profile that the platforms gave.',
      retention: 'Until the identity is removed or the account is erased.',
      sql: `SELECT id AS cursor, id AS identity_id, provider, environment, content, profile_made_at, phone_made_at,
          asserted_fields, platform_fields, cap, attached_at, attached_by, attached_with, separable_until, created_at, updated_at
        FROM identities WHERE user_id = $1`,
      itemOf: (
        { content, ...row }: Pick<IdentityEntity, 'content'> & { identityId: string },
        { dataKey },
      ) => {
        const { imported, ...opened } = openContent(dataKey, row.identityId, content);
        return { ...row, ...opened, imported: imported === null ? null : (JSON.parse(imported) as object) };
      },
    },
  ];

  constructor(
    private readonly merging: UserMerging,
    private readonly users: UsersRepository,
  ) {}

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const { survivor, loser } = pair;
    const state = await this.merging.recall(tx, pair);
    await combineVisits(tx, loser.userId, survivor.userId);
    for (const identity of await lockIdentities(tx, loser)) await moveIdentity(tx, identity, loser, survivor);
    return { state };
  }

  async separated(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned> {
    const { survivor, returning, identityIds } = pair;
    for (const identity of await lockIdentities(tx, survivor))
      if (identityIds.includes(identity.id)) await moveIdentity(tx, identity, survivor, returning);
    await this.merging.restore(tx, pair, state as MergedUser);
    return {};
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return countOfUser(tx, userId);
  }

  /** The data key is a column of the user's row. Foreign keys delete the digests of the identities. */
  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await tx.delete(IdentityEntity, { userId });
    await tx.delete(UserEntity, { id: userId });
  }

  /** The pseudonym and the identity ids of a person. The id of a merged account finds the survivor. */
  async namesOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const currentId = await this.users.resolveId(manager, userId);
    const found = await this.users.findSecrets(manager, currentId);
    if (!found) return [];
    const identities = await manager.find(IdentityEntity, {
      select: { id: true },
      where: { userId: currentId },
    });
    return [personActor(found.auditPseudonym), ...identities.map(({ id }) => id)];
  }
}
