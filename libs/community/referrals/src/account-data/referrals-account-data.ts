import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type LockedUser,
} from '@countersign/users';
import { ReferralTreeRepository } from '../store/referral-tree.repository';

@Injectable()
@HasAccountData('others')
export class ReferralsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    {
      ...{ table: 'referral_nodes', key: ['application_id', 'id'], restored: ['person_id'] },
      // The nodes of other people are below these.
      ...{ counted: 'referralNodes', erase: 'unname' },
    },
  ];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'referrals',
      meaning:
        'In each application: whether the person has a referrer, what named the referrer, and the code for referring others.',
      retention:
        'Until the account is erased. Then the code is deleted, and the node among others stays without the person.',
      sql: `SELECT nodes.id AS cursor, nodes.application_id, nodes.parent_id IS NOT NULL AS is_referred, nodes.source,
          nodes.created_at, codes.code
        FROM referral_nodes nodes
        LEFT JOIN referral_codes codes ON codes.application_id = nodes.application_id AND codes.node_id = nodes.id
        WHERE nodes.user_id = $1`,
    },
  ];

  constructor(private readonly tree: ReferralTreeRepository) {}

  /** Gives the survivor the loser's nodes. No node moves, so no circle is possible. The codes of both stay valid. */
  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    await this.tree.merge(tx, pair);
    return {};
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return this.tree.countCodes(tx, userId);
  }

  async erase(tx: EntityManager, user: LockedUser): Promise<void> {
    await this.tree.deleteCodes(tx, user);
  }
}
