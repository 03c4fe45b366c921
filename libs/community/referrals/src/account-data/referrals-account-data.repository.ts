import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { COUNT_CODES, DELETE_CODES, MARK_MERGED, MERGE_NODES, UNMARK_MERGED } from '../store/referrals.sql';

/** The rows of whole accounts. The caller holds the locks of the users. */
@Injectable()
export class ReferralsAccountDataRepository {
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(MERGE_NODES, [loserId, survivorId]);
    await tx.query(MARK_MERGED, [survivorId]);
  }

  async separated(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    await tx.query(UNMARK_MERGED, [userIds]);
  }

  async countCodes(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    const [counts = {}] = await rows<Record<string, number>>(manager, COUNT_CODES, [userId]);
    return counts;
  }

  async deleteCodes(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(DELETE_CODES, [userId]);
  }
}
