import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  PartOfAccount,
  type AccountPart,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type Reading,
} from '@countersign/users';
import { ReferralsPartRepository } from './referrals-part.repository';

/** Referrals, as a part of an account. */
@Injectable()
@PartOfAccount('others')
export class ReferralsPart implements AccountPart {
  constructor(private readonly referrals: ReferralsPartRepository) {}

  /**
   * The survivor gets the loser's places in the trees. No place moves, so there can be no circle. The codes of both stay
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
          'Until the account is erased. Then the code is deleted, and the place among others stays without the person.',
        items: this.places(read, person),
      },
    ];
  }

  private async *places(read: Reading, { userId, within }: ExportedPerson): AsyncGenerator<object> {
    for (const { createdAt, ...place } of await read((manager) => this.referrals.nodesOf(manager, userId)))
      if (!within || within.applicationId === place.applicationId)
        yield { ...place, createdAt: createdAt.toISOString() };
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.referrals.erase(tx, userId);
  }
}
