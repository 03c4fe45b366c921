import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type AccountDataJournal,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { ReferralsAccountDataRepository, type RecalledNode } from './referrals-account-data.repository';

/** What merges change of referrals. */
@Injectable()
export class ReferralsJournal implements AccountDataJournal<readonly RecalledNode[]> {
  readonly name = 'referrals';

  constructor(private readonly referrals: ReferralsAccountDataRepository) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<readonly RecalledNode[]> {
    return this.referrals.recall(tx, userId);
  }

  async giveBack(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    { loser }: MergeRecord<readonly RecalledNode[]>,
  ): Promise<Returned> {
    await this.referrals.giveBack(tx, survivor.userId, returning.userId, loser);
    return {};
  }
}

/** Referrals as data of an account. */
@Injectable()
@HasAccountData('others')
export class ReferralsAccountData implements AccountData {
  constructor(
    readonly journal: ReferralsJournal,
    private readonly referrals: ReferralsAccountDataRepository,
  ) {}

  /**
   * The survivor gets the loser's nodes in the trees. No node moves, so there can be no circle. The codes of both stay
   * valid.
   * @returns no sessions: none ends
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    await this.referrals.merge(tx, loser.userId, survivor.userId);
    return [];
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return this.referrals.countOf(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'referrals',
        meaning:
          'In each application: whether the person has a referrer, what named the referrer, and the code for referring others.',
        retention:
          'Until the account is erased. Then the code is deleted, and the node among others stays without the person.',
        items: this.nodes(read, person),
      },
    ];
  }

  private async *nodes(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (const { createdAt, ...node } of await read((manager) => this.referrals.nodesOf(manager, userId)))
      yield { ...node, createdAt: createdAt.toISOString() };
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.referrals.erase(tx, userId);
  }
}
