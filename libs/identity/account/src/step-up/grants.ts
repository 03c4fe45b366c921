import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, plusSeconds } from '@countersign/runtime';
import { KeyRing, mintToken, readToken, sha256, tokenDigest } from '@countersign/crypto';
import { STEP_UP_SECONDS, type SensitiveOperation, type Principal } from '@countersign/sessions';
import { accountError } from '../account.errors';
import { StepUpEntity } from './step-up.entity';

const PREFIX = 'cs_sg';
const SECRET_BYTES = 32;

interface MintedGrant {
  readonly grant: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface Granted {
  readonly act: SensitiveOperation;
  /** The grant is bound to this digest of a join's code. */
  readonly requestDigest?: Buffer;
}

/** One-use grants: each lets one session do one act, once, within five minutes. */
@Injectable()
export class Grants {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** Gives the grant to the session whose sign-in carried the code. @returns null if it is claimed or has expired */
  async claim(tx: EntityManager, stepUpId: string, sessionId: string): Promise<MintedGrant | null> {
    const { minted, stored } = this.mint();
    const unclaimed = { id: stepUpId, sessionId: IsNull(), expiresAt: MoreThan(this.clock.now()) };
    const claimed = await tx.update(StepUpEntity, unclaimed, { sessionId, ...stored });
    return claimed.affected === 1 ? minted : null;
  }

  /** Issues a grant to the session of a launch whose code names one request. It is valid for this request only. */
  async issue(
    tx: EntityManager,
    sessionId: string,
    { act, requestDigest }: Required<Granted>,
  ): Promise<MintedGrant> {
    const { minted, stored } = this.mint(requestDigest);
    const expiresAt = stored.grantExpiresAt;
    await tx.insert(StepUpEntity, { id: uuidv7(), act: act.name, sessionId, expiresAt, ...stored });
    return minted;
  }

  private mint(requestDigest?: Buffer) {
    const grant = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    const grantExpiresAt = plusSeconds(this.clock.now(), STEP_UP_SECONDS);
    return {
      minted: { grant, expiresIn: STEP_UP_SECONDS },
      stored: { grantDigest: digestOfGrant(grant, requestDigest), grantExpiresAt },
    };
  }

  /** Consumes the grant with the act: a second use waits for the first, and fails. @returns false without a grant */
  async redeem(tx: EntityManager, caller: Principal, granted: Granted): Promise<boolean> {
    const unused = this.unusedOf(caller, granted);
    if (!unused) return false;
    const used = await tx.update(StepUpEntity, unused, { usedAt: this.clock.now() });
    if (used.affected !== 1) throw accountError('account.grant_invalid');
    return true;
  }

  /** Checks the grant as `redeem` does, but does not consume it. */
  async check(tx: EntityManager, caller: Principal, granted: Granted): Promise<boolean> {
    const unused = this.unusedOf(caller, granted);
    if (unused && !(await tx.existsBy(StepUpEntity, unused))) throw accountError('account.grant_invalid');
    return unused !== null;
  }

  private unusedOf(
    { stepUpGrant, sessionId }: Principal,
    { act: { name }, requestDigest }: Granted,
  ): FindOptionsWhere<StepUpEntity> | null {
    if (stepUpGrant === undefined) throw new Error(`the route of ${name} needs @AcceptsGrant()`);
    if (stepUpGrant === null) return null;
    // Junk is refused before the database is asked.
    if (readToken(this.keyRing, PREFIX, SECRET_BYTES, stepUpGrant) === null)
      throw accountError('account.grant_invalid');
    const grantDigest = digestOfGrant(stepUpGrant, requestDigest);
    return {
      grantDigest,
      sessionId,
      act: name,
      usedAt: IsNull(),
      grantExpiresAt: MoreThan(this.clock.now()),
    };
  }
}

/** A grant that is bound to a request is valid only with its digest. */
function digestOfGrant(grant: string, requestDigest: Buffer | undefined): Buffer {
  const digest = tokenDigest(grant);
  return requestDigest ? sha256(Buffer.concat([digest, requestDigest])) : digest;
}
