import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { open } from '@countersign/crypto';
import {
  HasAccountData,
  type AccountData,
  type Merged,
  type Returned,
  type ReturnPair,
} from './account-data';
import type { IdentityEntity } from '../store/identity.entity';
import { openContent } from '../store/profile-sealing';
import { IdentityMoving } from '../moves/identity-moving';
import { UserMerging, type MergePair } from '../moves/user-merging';
import { UserMovesRepository } from '../moves/user-moves.repository';
import { aliasAad } from '../store/identity-values';
import { MergedUsersRepository, type MergedUsers } from './merged-users.repository';
import type { ExportedPerson, ExportedRows, ExportSection, Reading } from './exported-rows.repository';
import type { OwnedRows } from './owned-rows.repository';
import { UsersExportRepository } from './users-export.repository';

const UNTIL_ERASED = 'Until the account is erased.';
const UNTIL_REMOVED = 'Until the identity is removed or the account is erased.';

/** The account itself: its row, identities, former ids and visits. */
@Injectable()
@HasAccountData('users')
export class UsersAccountData implements AccountData {
  readonly name = 'users';
  readonly owned: readonly OwnedRows[] = [
    { table: 'user_aliases', key: ['id'] },
    { table: 'user_applications', key: ['application_id'], leave: true },
  ];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'account',
      meaning: 'The account: its state, and from when on proofs of the person count.',
      retention: UNTIL_ERASED,
      sql: `SELECT id AS cursor, id AS user_id, status, audit_pseudonym, auth_not_before, platform_proven_at,
          outranked_at AS weaker_sessions_ended_at, created_at, updated_at
        FROM users WHERE id = $1`,
    },
    {
      name: 'erasures',
      meaning: 'The requested erasure of the account.',
      retention: 'Until the erasure is done or cancelled.',
      sql: `SELECT user_id AS cursor, kind, reason, assurance, application_id, requested_at, erase_at AS erases_at
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
  ];

  constructor(
    private readonly merging: UserMerging,
    private readonly stored: MergedUsersRepository,
    private readonly moves: UserMovesRepository,
    private readonly moving: IdentityMoving,
    private readonly rows: UsersExportRepository,
    private readonly clock: Clock,
  ) {}

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const { survivor, loser } = pair;
    const [own, former] = await this.stored.recall(tx, loser.userId, survivor.userId);
    await this.merging.moveIdentities(tx, pair, this.clock.now());
    const [, merged] = await this.stored.recall(tx, loser.userId, survivor.userId);
    const state: MergedUsers = { own, former, merged };
    return { state };
  }

  async separated(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned> {
    const { survivor, returning, identityIds } = pair;
    for (const identity of await this.moves.lockIdentities(tx, survivor.userId))
      if (identityIds.includes(identity.id))
        await this.moving.move(tx, identity, { from: survivor.dataKey, to: returning });
    await this.stored.restore(tx, pair, state as MergedUsers);
    return {};
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return this.merging.count(tx, userId);
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.rows.deleteUser(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'identities',
        meaning: 'The identities at platforms, with the profile that the platforms gave.',
        retention: UNTIL_REMOVED,
        items: this.identities(read, person),
      },
    ];
  }

  private async *identities(read: Reading, person: ExportedPerson): AsyncGenerator<object> {
    for (const identity of await read((manager) => this.rows.identitiesOf(manager, person.userId)))
      yield { ...toExported(identity, person), aliases: await this.aliases(read, identity.id, person) };
  }

  private async aliases(
    read: Reading,
    identityId: string,
    { dataKey }: ExportedPerson,
  ): Promise<readonly object[]> {
    const names = await read((manager) => this.rows.namesOf(manager, identityId));
    return names.map(({ issuer, audience, subject, createdAt }) => ({
      issuer,
      audience,
      subject: open(dataKey, aliasAad(identityId, issuer, audience), subject),
      createdAt: instant(createdAt),
    }));
  }
}

function toExported(identity: IdentityEntity, { dataKey }: ExportedPerson): object {
  const { id, provider, environment } = identity;
  const { subject, profile, imported } = openContent(dataKey, id, identity.content);
  return {
    identityId: id,
    provider,
    environment,
    subject,
    profile,
    imported: imported === null ? null : (JSON.parse(imported) as object),
    profileMadeAt: instant(identity.profileMadeAt),
    phoneMadeAt: instant(identity.phoneMadeAt),
    assertedFields: identity.assertedFields,
    platformFields: identity.platformFields,
    cap: identity.cap,
    attachedAt: instant(identity.attachedAt),
    attachedBy: identity.attachedBy,
    attachedWith: identity.attachedWith,
    separableUntil: instant(identity.separableUntil),
    createdAt: instant(identity.createdAt),
    updatedAt: instant(identity.updatedAt),
  };
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
