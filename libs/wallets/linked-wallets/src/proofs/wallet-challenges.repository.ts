import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import { WalletChallengeEntity } from './wallet-challenge.entity';

/** The statement sees the row as it was before: a second use waits for the first one, and finds it used. */
const USE = `
  WITH used AS (
    UPDATE wallet_challenges SET used_at = $2 WHERE digest = $1 AND used_at IS NULL RETURNING digest
  )
  SELECT application_id AS "applicationId", content, expires_at AS "expiresAt",
    EXISTS (SELECT FROM used) AS "isFirstUse"
  FROM wallet_challenges WHERE digest = $1`;

type UsedChallenge = Pick<WalletChallengeEntity, 'applicationId' | 'content' | 'expiresAt'> & {
  readonly isFirstUse: boolean;
};

/** Challenges of wallets. */
@Injectable()
export class WalletChallengesRepository {
  constructor(
    @InjectRepository(WalletChallengeEntity) private readonly challenges: Repository<WalletChallengeEntity>,
  ) {}

  async insert(tx: EntityManager, row: WalletChallengeEntity): Promise<void> {
    await tx.withRepository(this.challenges).insert(row);
  }

  /** Uses a challenge up. Null for an unknown one. */
  async use(tx: EntityManager, digest: Buffer, now: Date): Promise<UsedChallenge | null> {
    return firstRow<UsedChallenge>(tx, USE, [digest, now]);
  }
}
