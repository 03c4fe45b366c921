import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { ReferralMember } from './referral-codes.repository';
import type { ReferralSource } from './referral.entity';
import { COUNT_BELOW_ONE, COUNT_BELOW_SEVERAL, FIND_ABOVE, FIND_OWN, LIST_BELOW } from './referrals.sql';

/** The nodes of an account in an application, the first of the account first. */
interface OwnNode {
  readonly id: string;
}

/** A person below another. */
interface DescendantRow {
  readonly nodeId: string;
  /** `null` after an erasure. */
  readonly userId: string | null;
  readonly source: ReferralSource;
  readonly createdAt: Date;
}

/** A person above another; `userId` is `null` after an erasure. */
interface AncestorRow {
  readonly level: number;
  readonly userId: string | null;
  /** What named the referrer: the same for all people above. */
  readonly source: ReferralSource;
}

/** A position in a list of people. */
interface BelowPage {
  readonly level: number;
  /** The node after which it goes on. */
  readonly afterId: string | null;
  readonly limit: number;
}

/** Reads the tree. Each statement reads as many rows as it answers about, however large the table is. */
@Injectable()
export class ReferralTreeRepository {
  async findOwn(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<readonly OwnNode[]> {
    return rows<OwnNode>(manager, FIND_OWN, [userId, applicationId]);
  }

  /** How many people are on each level below. A person with several nodes counts once, at the lowest level. */
  async countBelow(
    manager: EntityManager,
    own: readonly OwnNode[],
    member: ReferralMember,
  ): Promise<ReadonlyMap<number, number>> {
    const [first, second] = own;
    if (!first) return new Map();
    const counts = await rows<{ level: number; count: number }>(
      manager,
      second ? COUNT_BELOW_SEVERAL : COUNT_BELOW_ONE,
      [second ? own.map(({ id }) => id) : first.id, member.applicationId, member.userId],
    );
    return new Map(counts.map(({ level, count }) => [level, count]));
  }

  /** People on one level, newest first; one more than the limit. */
  async listBelow(
    manager: EntityManager,
    own: readonly OwnNode[],
    member: ReferralMember,
    { level, afterId, limit }: BelowPage,
  ): Promise<readonly DescendantRow[]> {
    if (own.length === 0) return [];
    const ids = own.map(({ id }) => id);
    const parameters = [ids, member.applicationId, member.userId, level, afterId, limit + 1];
    return rows<DescendantRow>(manager, LIST_BELOW, parameters);
  }

  /** The people above, nearest first, each once and without the person themselves. */
  async findAbove(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<readonly AncestorRow[]> {
    return rows<AncestorRow>(manager, FIND_ABOVE, [userId, applicationId]);
  }

  /** Whether the person has used the application. */
  async hasUsed(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<boolean> {
    const found = await firstRow<object>(
      manager,
      'SELECT 1 FROM user_applications WHERE user_id = $1 AND application_id = $2',
      [userId, applicationId],
    );
    return found !== null;
  }
}
