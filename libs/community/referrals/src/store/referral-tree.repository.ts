import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertIfNew, rows } from '@countersign/database';
import { MAX_REFERRAL_LEVELS } from '../referral.settings';
import { ReferralCodeEntity, type ReferralSource } from './referral.entity';
import * as sql from './referrals.sql';

/** A person in an application. */
export interface ReferralMember {
  readonly userId: string;
  readonly applicationId: string;
}

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
}

/** A position in a list of people. */
interface BelowPage {
  readonly level: number;
  /** The node after which it goes on. */
  readonly afterId: string | null;
  readonly limit: number;
}

/** The tree and its codes. Each statement reads the people whom it answers about, however large the table is. */
@Injectable()
export class ReferralTreeRepository {
  async findOwn(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<readonly OwnNode[]> {
    return rows<OwnNode>(manager, sql.FIND_OWN, [userId, applicationId]);
  }

  /** How many people are on each level below. A person with several nodes counts once, at the lowest level. */
  async countBelow(
    manager: EntityManager,
    own: readonly OwnNode[],
    { applicationId }: ReferralMember,
  ): Promise<ReadonlyMap<number, number>> {
    const ids = own.map(({ id }) => id);
    const counts = await rows<{ level: number; count: number }>(manager, sql.COUNT_BELOW, [
      ids,
      applicationId,
      MAX_REFERRAL_LEVELS,
    ]);
    return new Map(counts.map(({ level, count }) => [level, count]));
  }

  /** People on one level, newest first; one more than the limit. */
  async listBelow(
    manager: EntityManager,
    own: readonly OwnNode[],
    { applicationId }: ReferralMember,
    { level, afterId, limit }: BelowPage,
  ): Promise<readonly DescendantRow[]> {
    const ids = own.map(({ id }) => id);
    return rows<DescendantRow>(manager, sql.LIST_BELOW, [ids, applicationId, level, afterId, limit + 1]);
  }

  /** The people above, nearest first, each once and without the person themselves. */
  async findAbove(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<readonly AncestorRow[]> {
    return rows<AncestorRow>(manager, sql.FIND_ABOVE, [userId, applicationId, MAX_REFERRAL_LEVELS]);
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

  async findCode(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<string | null> {
    const found = await firstRow<{ code: string }>(manager, sql.FIND_CODE, [userId, applicationId]);
    return found?.code ?? null;
  }

  /** A node in the tree for a person who came without a referrer. Nothing happens where there is one. */
  async insertRoot(tx: EntityManager, { userId, applicationId }: ReferralMember, now: Date): Promise<void> {
    await tx.query(sql.INSERT_ROOT, [userId, applicationId, now]);
  }

  /** @returns whether the code was free, and the node had none */
  async insertCode(tx: EntityManager, code: ReferralCodeEntity): Promise<boolean> {
    return insertIfNew(tx, ReferralCodeEntity, code, 'code');
  }

  /** The caller holds the locks of the users, here and below. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(sql.MERGE_NODES, [loserId, survivorId]);
  }

  async countCodes(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    return (await firstRow<Record<string, number>>(manager, sql.COUNT_CODES, [userId])) ?? {};
  }

  async deleteCodes(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(sql.DELETE_CODES, [userId]);
  }
}
