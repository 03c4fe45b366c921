import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertIfNew } from '@countersign/database';
import { ReferralCodeEntity } from './referral.entity';
import { FIND_CODE, INSERT_ROOT } from './referrals.sql';

/** A person in an application. */
export interface ReferralMember {
  readonly userId: string;
  readonly applicationId: string;
}

@Injectable()
export class ReferralCodesRepository {
  async find(manager: EntityManager, { userId, applicationId }: ReferralMember): Promise<string | null> {
    const found = await firstRow<{ code: string }>(manager, FIND_CODE, [userId, applicationId]);
    return found?.code ?? null;
  }

  /** A node in the tree for a person who came without a referrer. Nothing happens where there is one. */
  async insertRoot(tx: EntityManager, { userId, applicationId }: ReferralMember, now: Date): Promise<void> {
    await tx.query(INSERT_ROOT, [userId, applicationId, now]);
  }

  /** @returns whether the code was free, and the node had none */
  async insert(tx: EntityManager, code: ReferralCodeEntity): Promise<boolean> {
    return insertIfNew(tx, ReferralCodeEntity, code, 'code');
  }
}
