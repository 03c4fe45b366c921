import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { ReferralNodeEntity, type ReferralSource } from '../store/referral.entity';
import {
  COUNT_OF_USER,
  DELETE_CODES,
  EXPORT_NODES,
  MARK_MERGED,
  MERGE_NODES,
  UNMARK_MERGED,
} from '../store/referrals.sql';

/** A node of a person, as an export shows it. */
interface ExportedNode {
  readonly applicationId: string;
  readonly isReferred: boolean;
  readonly source: ReferralSource | null;
  readonly createdAt: Date;
  readonly code: string | null;
}

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

  async countOf(manager: EntityManager, userId: string): Promise<Record<string, number>> {
    const [counts = {}] = await rows<Record<string, number>>(manager, COUNT_OF_USER, [userId]);
    return counts;
  }

  async nodesOf(manager: EntityManager, userId: string): Promise<readonly ExportedNode[]> {
    return rows<ExportedNode>(manager, EXPORT_NODES, [userId]);
  }

  /** The nodes stay, without the person: others are below them. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await tx.query(DELETE_CODES, [userId]);
    await tx.update(ReferralNodeEntity, { userId }, { userId: null });
  }
}
