import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { ReferralsAccountDataRepository } from './referrals-account-data.repository';

/** Referrals as data of an account. */
@Injectable()
@HasAccountData('others')
export class ReferralsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    { table: 'referral_nodes', key: ['application_id', 'id'], restored: ['person_id'] },
  ];

  constructor(private readonly referrals: ReferralsAccountDataRepository) {}

  /**
   * The survivor gets the loser's nodes in the trees. No node moves, so there can be no circle. The codes of both stay
   * valid.
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<Merged> {
    await this.referrals.merge(tx, loser.userId, survivor.userId);
    return {};
  }

  async separated(tx: EntityManager, { survivor, returning }: ReturnPair): Promise<Returned> {
    await this.referrals.separated(tx, [survivor.userId, returning.userId]);
    return {};
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
