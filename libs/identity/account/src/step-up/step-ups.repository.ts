import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, Repository, type EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import { StepUpEntity } from './step-up.entity';

/** A sign-in that carries a code. */
interface CodeClaim {
  readonly codeDigest: Buffer;
  readonly userId: string;
  readonly applicationId: string;
  /** The session of the sign-in. */
  readonly sessionId: string;
  readonly grantDigest: Buffer;
  readonly grantExpiresAt: Date;
  readonly now: Date;
}

/** A grant as a call presents it. */
export interface GrantUse {
  readonly grantDigest: Buffer;
  readonly sessionId: string;
  readonly act: string;
  readonly now: Date;
}

/** Only a code of the same person and application, whose asking session lives, that no sign-in has carried before. */
const CLAIM = `
  UPDATE step_ups SET session_id = $4, grant_digest = $5, grant_expires_at = $6
  FROM sessions asking
  WHERE step_ups.code_digest = $1 AND step_ups.session_id IS NULL AND step_ups.expires_at > $7
    AND asking.id = step_ups.asking_session_id AND asking.user_id = $2 AND asking.application_id = $3
    AND asking.ended_at IS NULL
  RETURNING step_ups.id`;

/** A second use waits for the first one, and finds it used. */
const USE = `
  UPDATE step_ups SET used_at = $4
  WHERE grant_digest = $1 AND session_id = $2 AND act = $3 AND used_at IS NULL AND grant_expires_at > $4
  RETURNING id`;

/** Step-ups that name an act. */
@Injectable()
export class StepUpsRepository {
  constructor(@InjectRepository(StepUpEntity) private readonly stepUps: Repository<StepUpEntity>) {}

  async insert(tx: EntityManager, row: StepUpEntity): Promise<void> {
    await tx.withRepository(this.stepUps).insert(row);
  }

  /** @returns null for a code that is not asked by this session. */
  async find(manager: EntityManager, id: string, askingSessionId: string): Promise<StepUpEntity | null> {
    return manager.withRepository(this.stepUps).findOneBy({ id, askingSessionId });
  }

  /** What a code is for. */
  async findRequest(manager: EntityManager, codeDigest: Buffer): Promise<Pick<StepUpEntity, 'act'> | null> {
    return manager.withRepository(this.stepUps).findOne({ where: { codeDigest }, select: { act: true } });
  }

  /** @returns false where the code is not of this person and application, or not good any more. */
  async claim(tx: EntityManager, claim: CodeClaim): Promise<boolean> {
    const { codeDigest, userId, applicationId, sessionId, grantDigest, grantExpiresAt, now } = claim;
    const values = [codeDigest, userId, applicationId, sessionId, grantDigest, grantExpiresAt, now];
    return (await firstRow(tx, CLAIM, values)) !== null;
  }

  /** @returns whether the grant was good for the act, and not used before. */
  async use(tx: EntityManager, { grantDigest, sessionId, act, now }: GrantUse): Promise<boolean> {
    return (await firstRow(tx, USE, [grantDigest, sessionId, act, now])) !== null;
  }

  /** As `use`, without using the grant. */
  async isGood(tx: EntityManager, { now, ...grant }: GrantUse): Promise<boolean> {
    return tx
      .withRepository(this.stepUps)
      .existsBy({ ...grant, usedAt: IsNull(), grantExpiresAt: MoreThan(now) });
  }
}
