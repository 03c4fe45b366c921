import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository, type EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import { JoinEntity, type JoinOutcome } from './join.entity';

/** Wrong numbers of one request. */
const MAX_ATTEMPTS = 3;

/** A join with the account that asks, whose session lives. */
export type AskedJoin = Pick<
  JoinEntity,
  'id' | 'askingSessionId' | 'number' | 'assurance' | 'bots' | 'failedAttempts' | 'askedAt' | 'expiresAt'
> & { readonly askingUserId: string; readonly applicationId: string };

const OPEN = `
  SELECT joins.id, joins.asking_session_id AS "askingSessionId", joins.number, joins.assurance, joins.bots,
    joins.failed_attempts AS "failedAttempts", joins.asked_at AS "askedAt", joins.expires_at AS "expiresAt",
    asking.user_id AS "askingUserId", asking.application_id AS "applicationId"
  FROM joins JOIN sessions asking ON asking.id = joins.asking_session_id
  WHERE joins.code_digest = $1 AND joins.ended_at IS NULL AND joins.expires_at > $2 AND asking.ended_at IS NULL`;

/** Requests to join two accounts. */
@Injectable()
export class JoinsRepository {
  constructor(@InjectRepository(JoinEntity) private readonly joins: Repository<JoinEntity>) {}

  async insert(tx: EntityManager, row: JoinEntity): Promise<void> {
    await tx.withRepository(this.joins).insert(row);
  }

  /** Open ones only. */
  async findOpen(manager: EntityManager, codeDigest: Buffer, now: Date): Promise<AskedJoin | null> {
    return firstRow<AskedJoin>(manager, OPEN, [codeDigest, now]);
  }

  /** As `findOpen`, and locks the join until the transaction ends: after the locks of both users. */
  async lockOpen(tx: EntityManager, codeDigest: Buffer, now: Date): Promise<AskedJoin | null> {
    return firstRow<AskedJoin>(tx, `${OPEN} FOR UPDATE OF joins`, [codeDigest, now]);
  }

  /** @returns null for one that this session did not ask. */
  async find(manager: EntityManager, id: string, askingSessionId: string): Promise<JoinEntity | null> {
    return manager.withRepository(this.joins).findOneBy({ id, askingSessionId });
  }

  /** @returns whether it was open: one that has ended stays as it is. */
  async end(tx: EntityManager, id: string, outcome: JoinOutcome, endedAt: Date): Promise<boolean> {
    const { affected } = await tx
      .withRepository(this.joins)
      .update({ id, endedAt: IsNull() }, { outcome, endedAt });
    return affected === 1;
  }

  /** Three wrong numbers end the join. @returns whether this one has */
  async countWrongNumber(tx: EntityManager, join: AskedJoin, now: Date): Promise<boolean> {
    await tx.withRepository(this.joins).increment({ id: join.id }, 'failedAttempts', 1);
    return join.failedAttempts + 1 >= MAX_ATTEMPTS && this.end(tx, join.id, 'failed', now);
  }
}
