import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertIfNew, rows } from '@countersign/database';
import { MAX_REFERRAL_LEVELS } from '../referral.settings';
import { ReferralCodeEntity } from './referral.entity';
import * as sql from './referrals.sql';

/** A person in an application. */
export interface ReferralMember {
  readonly userId: string;
  readonly applicationId: string;
}

/** The tree and its codes. Each statement reads the people whom it answers about, however large the table is. */
@Injectable()
export class ReferralTreeRepository {
  /** The node of the whole account, before those of accounts that were merged into it. */
  async findNode(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<string | null> {
    return (await firstRow<{ id: string }>(manager, sql.FIND_NODE, [userId, applicationId]))?.id ?? null;
  }

  /** How many people are on each level below. A person with several nodes counts once, at the lowest level. */
  async countBelow(
    manager: EntityManager,
    { userId, applicationId }: ReferralMember,
  ): Promise<ReadonlyMap<number, number>> {
    const counts = await rows<{ level: number; count: number }>(manager, sql.COUNT_BELOW, [
      userId,
      applicationId,
      MAX_REFERRAL_LEVELS,
    ]);
    return new Map(counts.map(({ level, count }) => [level, count]));
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
