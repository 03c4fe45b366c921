import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import {
  AccountEvents,
  IdentitiesService,
  identityError,
  UserReturning,
  nameOf,
  returnRows,
  type Lost,
  type ReturnPair,
} from '@countersign/users';
import { AccountDataOfModules } from '../account-data-of-modules';
import type { AccountJoinEntity } from './account-join.entity';
import { AccountJoinsRepository } from './account-joins.repository';
import { keyAad, MergeJournal, type JournalRecords } from './merge-journal';
import { accountError } from '../account.errors';

/** Who separates, as the audit trail names it. */
export interface SeparatedBy {
  readonly actor: string;
  readonly applicationId?: string;
}

export interface SeparatedMerge {
  /** The account that returned. */
  readonly userId: string;
  readonly ended: readonly string[];
  readonly lost: readonly Lost[];
}

/** Separates merges: the alias becomes an account again, with what it had. */
@Injectable()
export class Separation {
  constructor(
    private readonly joins: AccountJoinsRepository,
    private readonly journal: MergeJournal,
    private readonly accountData: AccountDataOfModules,
    private readonly identities: IdentitiesService,
    private readonly returning: UserReturning,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  /**
   * The caller has locked the account that has the join. Where that account was merged on since, the later merges are
   * separated first: what they recorded contains what returns now.
   * @throws AppError separation.not_found, identity.last_one
   */
  async separate(tx: EntityManager, id: string, by: SeparatedBy): Promise<SeparatedMerge> {
    const join = await this.joins.find(tx, id);
    if (!join) throw accountError('separation.not_found');
    if (join.survivorId === join.userId) return this.separateOne(tx, join, by);
    const later = await this.joins.findByMergedId(tx, join.survivorId);
    if (!later) throw accountError('separation.not_found');
    const outer = await this.separate(tx, later.id, by);
    const inner = await this.separate(tx, id, by);
    return {
      userId: inner.userId,
      ended: [...outer.ended, ...inner.ended],
      lost: [...outer.lost, ...inner.lost],
    };
  }

  private async separateOne(
    tx: EntityManager,
    join: AccountJoinEntity,
    by: SeparatedBy,
  ): Promise<SeparatedMerge> {
    const survivor = await this.returning.find(tx, join.userId);
    if (!survivor) throw accountError('separation.not_found');
    await this.accountData.lock(tx, [survivor.userId]);
    const records = this.journal.read(join);
    const identityIds = await this.stillThere(tx, join);
    const before = await this.accountData.inventory(tx, [survivor.userId]);
    const users = records.states['users'] as Parameters<UserReturning['reopen']>[2];
    const key = { aad: keyAad(join.id), stored: join.dataKey };
    const returning = await this.returning.reopen(tx, survivor, users, key);
    if (!returning) throw accountError('separation.not_found');
    const ids = { userId: survivor.userId, separatedUserId: returning.userId };
    // Before the visits return: the event concerns the applications of both.
    await this.events.add(tx, 'user.separated', survivor.userId, ids);
    await this.joins.delete(tx, join.id);
    const { ended, lost } = await this.giveBack(tx, { survivor, returning, identityIds }, records);
    const after = await this.accountData.inventory(tx, [survivor.userId, returning.userId]);
    if (Object.entries(before).some(([kind, count]) => (after[kind] ?? 0) < count))
      throw new Error('the inventory of a separation does not add up');
    await this.audit.record(tx, 'user.separated', {
      ...by,
      subject: personActor(returning.auditPseudonym),
      details: {
        from: personActor(survivor.auditPseudonym),
        endedSessions: String(ended.length),
        ...(lost.length === 0 ? {} : { lost: [...new Set(lost.map(({ what }) => what))].join(' ') }),
      },
    });
    return { userId: returning.userId, ended, lost };
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
  ): Promise<Pick<SeparatedMerge, 'ended' | 'lost'>> {
    const [ended, lost]: [string[], Lost[]] = [[], []];
    for (const data of this.accountData.all) {
      for (const each of data.owned ?? []) {
        const moved = rows[nameOf(each)];
        // What is newer than the merge moved nothing.
        if (moved) await returnRows(tx, each, moved, pair);
      }
      // At the merge its feature was not in use.
      if (data.name !== undefined && !(data.name in states)) continue;
      const returned = (await data.separated?.(tx, pair, states[data.name ?? ''])) ?? {};
      ended.push(...(returned.ended ?? []));
      lost.push(...(returned.lost ?? []));
    }
    return { ended, lost };
  }
}
