import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator, personActor, type AuditRecord } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import {
  AccountEvents,
  IdentitiesService,
  identityError,
  UserMerging,
  UsersService,
  UserSplitting,
  nameOf,
  returnRows,
  type LockedUser,
  type Lost,
  type Returned,
  type ReturnPair,
  userEvents,
} from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import { RecentMerges } from './recent-merges';
import { AccountJoinEntity, keyAad, sealedJournal, type JournalRecords } from './account-join.entity';
import { accountError } from '../account.errors';
import { accountEvents } from '../account.feature';

type SeparatedBy = Pick<AuditRecord, 'actor' | 'applicationId'>;

interface SeparatedMerge extends Required<Returned> {
  /** The account that came out of the merge, or a new account. */
  readonly account: LockedUser;
}

/** Separates merges: the alias becomes an account again, with what it had. Also splits off or confirms one identity. */
@Injectable()
export class Separation {
  constructor(
    private readonly database: Database,
    private readonly accountData: AccountDataOfModules,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly merging: UserMerging,
    private readonly sessions: SessionsService,
    private readonly recent: RecentMerges,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly clock: Clock,
  ) {}

  /** Also detaches from an account that the identity founded. */
  async detach(
    identityId: string,
  ): Promise<{ userId: string; endedSessions: number; lost: readonly Lost[] }> {
    const { account, ended, lost } = await this.database.transaction(async (tx) => {
      const from = await this.splitting.ownerOf(tx, identityId);
      const user = await this.users.lock(tx, from);
      return this.split(tx, { user, identityId, isProven: false }, { actor: operator() });
    });
    return { userId: account.userId, endedSessions: ended.length, lost };
  }

  async confirm(identityId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, await this.splitting.ownerOf(tx, identityId));
      await this.identities.confirm(tx, identityId);
      await this.audit.recordByOperator(tx, accountEvents.identityConfirmed, { subject: identityId });
    });
  }

  /** A merge that brought the identity, and that can be separated, is separated. */
  async split(
    tx: EntityManager,
    leaving: { readonly user: LockedUser; readonly identityId: string; readonly isProven: boolean },
    by: SeparatedBy,
  ): Promise<SeparatedMerge> {
    const { user, identityId } = leaving;
    const { userId: fromId } = user;
    const merge = await this.recent.findMergeOf(tx, identityId);
    if (merge?.userId === fromId) return this.separate(tx, user, merge.id, by);
    await this.identities.assertNotAlone(tx, user, identityId);
    const identity = { userId: fromId, id: identityId };
    const ended = await this.sessions.end(tx, { userId: fromId, identityId }, 'unlinked');
    await this.sessions.forgetIdentity(tx, identity);
    const { account, provider, environment } = await this.splitting.split(
      tx,
      { ...leaving, actor: by.actor },
      this.clock.now(),
    );
    await this.audit.record(tx, accountEvents.identityDetached, {
      ...by,
      subject: identityId,
      details: { into: personActor(account.auditPseudonym), endedSessions: String(ended.length) },
      event: { userId: fromId, identityId, provider, environment },
      applicationIds: this.events.of(fromId),
    });
    await this.events.add(tx, userEvents.userCreated, fromId, { userId: account.userId, identityId });
    await this.identities.announce(tx, { identityId, provider, actor: by.actor, accountId: fromId });
    return { account, ended, lost: [] };
  }

  /**
   * Separates a merge of the account. If the account that merged was merged later, the later merges are separated
   * first, because their records contain what returns now.
   */
  async separate(
    tx: EntityManager,
    account: LockedUser,
    id: string,
    by: SeparatedBy,
  ): Promise<SeparatedMerge> {
    const join = await tx.findOneBy(AccountJoinEntity, { id, userId: account.userId });
    if (!join) throw accountError('separation.not_found');
    if (join.survivorId === join.userId) return this.separateOne(tx, account, join, by);
    const later = await tx.findOneBy(AccountJoinEntity, { mergedUserId: join.survivorId });
    if (!later) throw accountError('separation.not_found');
    const outer = await this.separate(tx, account, later.id, by);
    const inner = await this.separate(tx, outer.account, id, by);
    return {
      account: inner.account,
      ended: [...outer.ended, ...inner.ended],
      lost: [...outer.lost, ...inner.lost],
    };
  }

  private async separateOne(
    tx: EntityManager,
    survivor: LockedUser,
    join: AccountJoinEntity,
    by: SeparatedBy,
  ): Promise<SeparatedMerge> {
    await this.accountData.lock(tx, [survivor]);
    const dataKey = this.merging.openDataKey(keyAad(join.id), join.dataKey);
    const records = sealedJournal.open(dataKey, join.id, join.journal);
    const identityIds = await this.stillThere(tx, join);
    const before = await this.accountData.inventory(tx, [survivor.userId]);
    const users = records.states['users'] as Parameters<UserMerging['reopen']>[2];
    const key = { aad: keyAad(join.id), stored: join.dataKey };
    const returning = await this.merging.reopen(tx, survivor, users, key);
    if (!returning) throw accountError('separation.not_found');
    const ids = { userId: survivor.userId, separatedUserId: returning.userId };
    // Before the visits return, because the event goes to the applications of both accounts.
    await this.events.add(tx, accountEvents.userSeparated, survivor.userId, ids);
    await tx.delete(AccountJoinEntity, { id: join.id });
    const { ended, lost } = await this.giveBack(tx, { survivor, returning, identityIds }, records);
    const after = await this.accountData.inventory(tx, [survivor.userId, returning.userId]);
    if (Object.entries(before).some(([kind, count]) => (after[kind] ?? 0) < count))
      throw new Error('the inventory of a separation does not add up');
    await this.audit.record(tx, accountEvents.userSeparated, {
      ...by,
      subject: personActor(returning.auditPseudonym),
      details: {
        from: personActor(survivor.auditPseudonym),
        endedSessions: String(ended.length),
        ...(lost.length === 0 ? {} : { lost: [...new Set(lost.map(({ what }) => what))].join(' ') }),
      },
    });
    return { account: returning, ended, lost };
  }

  private async stillThere(tx: EntityManager, join: AccountJoinEntity): Promise<readonly string[]> {
    const own = await this.identities.listOf(tx, join.userId);
    const ids = own.map(({ id }) => id).filter((id) => join.identityIds.includes(id));
    if (ids.length === 0) throw accountError('separation.not_found');
    if (ids.length === own.length) throw identityError('identity.last_one');
    return ids;
  }

  private async giveBack(
    tx: EntityManager,
    pair: ReturnPair,
    { rows, states }: JournalRecords,
  ): Promise<Required<Returned>> {
    const [ended, lost]: [string[], Lost[]] = [[], []];
    for (const data of this.accountData.all) {
      for (const each of data.owned ?? []) {
        const moved = rows[nameOf(each)];
        // A table that is newer than the merge has no moved rows.
        if (moved) await returnRows(tx, each, moved, pair);
      }
      // The feature was not in use at the merge.
      if (data.name !== undefined && !(data.name in states)) continue;
      const returned = (await data.separated?.(tx, pair, states[data.name ?? ''])) ?? {};
      ended.push(...(returned.ended ?? []));
      lost.push(...(returned.lost ?? []));
    }
    return { ended, lost };
  }
}
