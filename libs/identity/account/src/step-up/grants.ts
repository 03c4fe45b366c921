import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, mintToken, readToken, sha256, tokenDigest } from '@countersign/crypto';
import { STEP_UP_SECONDS, type Act, type Principal } from '@countersign/sessions';
import { accountError } from '../account.errors';
import { StepUpEntity } from './step-up.entity';
import { claimCode, consumeGrant } from './step-ups.repository';

const PREFIX = 'cs_sg';
const SECRET_BYTES = 32;

interface MintedGrant {
  readonly grant: string;
  readonly digest: Buffer;
  readonly expiresAt: Date;
  /** Seconds. */
  readonly expiresIn: number;
}

/** What a call brings a grant for. */
export interface Granted {
  readonly act: Act;
  /** The digest that the grant is bound to: of the code of a join. */
  readonly requestDigest?: Buffer;
}

/** A grant as a call presents it. */
interface GrantUse {
  readonly grantDigest: Buffer;
  readonly sessionId: string;
  readonly act: string;
}

/** A sign-in that carries a code, and the session that it opened. */
interface Arrival {
  readonly userId: string;
  readonly applicationId: string;
  readonly sessionId: string;
}

/** One-use grants: each lets one session do one act, once, within five minutes. */
@Injectable()
export class Grants {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** For the code that a session asked for. @returns null where it is not of this person and application, or not good any more */
  async claim(
    tx: EntityManager,
    codeDigest: Buffer,
    { userId, applicationId, sessionId }: Arrival,
  ): Promise<MintedGrant | null> {
    const minted = this.mint();
    const { digest, expiresAt } = minted;
    const values = [codeDigest, userId, applicationId, sessionId, digest, expiresAt, this.clock.now()];
    return (await claimCode(tx, values)) ? minted : null;
  }

  private mint(requestDigest?: Buffer): MintedGrant {
    const grant = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    const expiresAt = plusSeconds(this.clock.now(), STEP_UP_SECONDS);
    return { grant, digest: digestOfGrant(grant, requestDigest), expiresAt, expiresIn: STEP_UP_SECONDS };
  }

  /** For the session of a launch whose code names one request: the grant is good for that alone. */
  async issue(
    tx: EntityManager,
    sessionId: string,
    { act, requestDigest }: Required<Granted>,
  ): Promise<MintedGrant> {
    const minted = this.mint(requestDigest);
    const { digest: grantDigest, expiresAt } = minted;
    await tx.insert(StepUpEntity, {
      ...{ id: uuidv7(), act: act.name, sessionId, grantDigest, expiresAt, grantExpiresAt: expiresAt },
      ...{ askingSessionId: null, codeDigest: null, usedAt: null },
    });
    return minted;
  }

  /**
   * Uses up the grant that the call brings, with the transaction of the act.
   * @returns false without a grant
   * @throws AppError account.grant_invalid; Error on a route that does not document grants
   */
  async redeem(tx: EntityManager, caller: Principal, granted: Granted): Promise<boolean> {
    const use = this.useOf(caller, granted);
    const values = use && [use.grantDigest, use.sessionId, use.act, this.clock.now()];
    if (values && !(await consumeGrant(tx, values))) throw accountError('account.grant_invalid');
    return use !== null;
  }

  /** As `redeem`, but the grant stays good: for what is checked before the act. */
  async check(tx: EntityManager, caller: Principal, granted: Granted): Promise<boolean> {
    const use = this.useOf(caller, granted);
    const unused = { usedAt: IsNull(), grantExpiresAt: MoreThan(this.clock.now()) };
    if (use && !(await tx.existsBy(StepUpEntity, { ...use, ...unused })))
      throw accountError('account.grant_invalid');
    return use !== null;
  }

  private useOf(
    { stepUpGrant, sessionId }: Principal,
    { act: { name }, requestDigest }: Granted,
  ): GrantUse | null {
    if (stepUpGrant === undefined) throw new Error(`the route of ${name} needs @AcceptsGrant()`);
    if (stepUpGrant === null) return null;
    // Junk is refused before the database is asked.
    if (readToken(this.keyRing, PREFIX, SECRET_BYTES, stepUpGrant) === null)
      throw accountError('account.grant_invalid');
    const grantDigest = digestOfGrant(stepUpGrant, requestDigest);
    return { grantDigest, sessionId, act: name };
  }
}

/** A grant that is bound to a request is valid only with its digest. */
function digestOfGrant(grant: string, requestDigest: Buffer | undefined): Buffer {
  const digest = tokenDigest(grant);
  return requestDigest ? sha256(Buffer.concat([digest, requestDigest])) : digest;
}
