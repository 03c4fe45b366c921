import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BotsService } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/runtime';
import { equalsConstantTime, tokenDigest } from '@countersign/crypto';
import { NotTogether, waitsForLocks } from '@countersign/database';
import {
  assurances,
  type EndReason,
  type LockedSession,
  type Session,
  type StepUp,
  type TokenPair,
} from './session';
import {
  nextOf,
  toIssued,
  toNewSession,
  type IssuedPair,
  type PairDeadlines,
  type UnopenedSession,
  type SessionOpening,
} from './session-pairs';
import { SessionTokens } from './session-tokens';
import { SessionEndings, type Ending, type SessionScope } from './store/session-endings.repository';
import { sessionError } from './session.errors';
import type { NewSession } from './store/session.columns';
import { SessionEntity } from './store/session.entity';
import { SessionsRepository } from './store/sessions.repository';

/** If a person opens more live sessions in one application, the weakest ends, then the oldest. */
const SESSIONS_PER_USER_AND_APPLICATION = 10;

/** How long a step-up is valid, and the maximum age of its proof. */
export const STEP_UP_SECONDS = 300;

/** Refused re-entries of one session are recorded at most once in this time. */
const REFUSED_REENTRY_SECONDS = 60;

const WEAK = assurances.filter((assurance) => assurance !== 'platform');

export interface OpenedSession<O extends SessionOpening> {
  readonly opening: O;
  readonly session: NewSession;
  readonly issued: IssuedPair;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly repository: SessionsRepository,
    private readonly endings: SessionEndings,
    private readonly tokens: SessionTokens,
    private readonly bots: BotsService,
    private readonly clock: Clock,
  ) {}

  newSession(): UnopenedSession {
    const sessionId = uuidv7();
    return { sessionId, pair: this.tokens.mint(sessionId) };
  }

  /** Sessions of one person are not opened together, because the limit of sessions counts those before. */
  async open<O extends SessionOpening>(
    tx: EntityManager,
    wanted: readonly O[],
  ): Promise<readonly OpenedSession<O>[]> {
    if (new Set(wanted.map(({ user }) => user.userId)).size < wanted.length) throw new NotTogether();
    const now = this.clock.now();
    const opened = wanted.map((opening) => {
      const session = toNewSession(opening, now);
      return { opening, session, issued: toIssued(session, opening.newSession.pair, now) };
    });
    const limit = SESSIONS_PER_USER_AND_APPLICATION;
    const sessions = opened.map(({ session }) => session);
    const inserted = await this.repository.insertWithinLimit(tx, sessions, { limit, now });
    const refused = sessions.find(({ id }) => !inserted.has(id));
    if (refused)
      throw waitsForLocks(tx) ? await this.bots.refusalOf(tx, refused.botRowId) : new NotTogether();
    return opened;
  }

  async findById(manager: EntityManager, sessionId: string): Promise<Session | null> {
    return sessionId === '' ? null : this.repository.findById(manager, sessionId);
  }

  async lockById(tx: EntityManager, sessionId: string): Promise<LockedSession | null> {
    if (sessionId === '') throw sessionError('session.required');
    return (await this.repository.lock(tx, [sessionId])).get(sessionId) ?? null;
  }

  isCurrent(session: Session, { refreshToken }: TokenPair): boolean {
    return equalsConstantTime(tokenDigest(refreshToken), session.refreshDigest);
  }

  /**
   * Gives the session a new pair in a new chain. All earlier tokens become invalid at once, and the step-up ends.
   * @param deviceKeyThumbprint the key that the new pair is bound to
   * @param reenteredAt when the proof was verified again
   */
  async renew(
    tx: EntityManager,
    session: LockedSession,
    deviceKeyThumbprint: string | null,
    reenteredAt: Date,
  ): Promise<IssuedPair> {
    const pair = this.tokens.mint(session.id);
    const bound = { ...session, deviceKeyThumbprint };
    const now = this.clock.now();
    const next = nextOf(bound, pair, { prior: null, rotations: [], reenteredAt }, now);
    await this.repository.rotate(tx, [{ session, rotation: next.rotation }]);
    this.repository.noteActive(tx, [session], now);
    await this.endings.announceRevoked(tx, [session.id]);
    return next.issued;
  }

  /** When the transaction commits, every replica reads its sessions again. */
  readAllAgain(tx: EntityManager): Promise<void> {
    return this.endings.announceAll(tx);
  }

  /** @returns the ids of the sessions that had not ended */
  end(tx: EntityManager, scope: SessionScope, reason: EndReason, how?: Ending): Promise<readonly string[]> {
    return this.endings.end(tx, scope, reason, how);
  }

  /** Ends sessions and step-ups by weak proofs, unless the platform has opened a session with the identity before. */
  async endOutranked(tx: EntityManager, person: { userId: string; identityId: string }): Promise<void> {
    const { userId } = person;
    if (await this.repository.hasPlatformSession(tx, person)) return;
    await this.repository.endWeakStepUps(tx, userId);
    await this.endings.end(tx, { userId, assurances: WEAK }, 'outranked', { by: 'system' });
  }

  noteOpenidClient(
    tx: EntityManager,
    sessionId: string,
    { id, name }: { readonly id: string; readonly name: string },
    isDevice: boolean,
  ): Promise<void> {
    const client = { name, ...(isDevice && { isDevice }) };
    return this.repository.noteOpenidClient(tx, sessionId, { [id]: client });
  }

  /** Removes the identity from its ended sessions, before it leaves the account. */
  async forgetIdentity(tx: EntityManager, identity: { userId: string; id: string }): Promise<void> {
    const { userId, id: identityId } = identity;
    await tx.update(SessionEntity, { userId, identityId }, { identityId: null });
  }

  async stepUp(tx: EntityManager, sessionId: string, stepUp: StepUp): Promise<void> {
    const { expiresAt: stepUpExpiresAt, assurance: stepUpAssurance, bot: stepUpBot } = stepUp;
    const columns = { stepUpExpiresAt, stepUpAssurance, stepUpBot, authenticatedAt: this.clock.now() };
    await tx.update(SessionEntity, { id: sessionId }, columns);
    await this.endings.announceRevoked(tx, [sessionId]);
  }

  /**
   * Records for the owner that the proof was presented without its device key.
   * @returns false, and writes nothing, if that was recorded within the last minute
   */
  async noteRefusedReentry(tx: EntityManager, { id, reentryRefusedAt }: LockedSession): Promise<boolean> {
    const now = this.clock.now();
    if (reentryRefusedAt && now < plusSeconds(reentryRefusedAt, REFUSED_REENTRY_SECONDS)) return false;
    await tx.update(SessionEntity, { id }, { reentryRefusedAt: now });
    return true;
  }

  async idsOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const found = await manager.find(SessionEntity, { select: { id: true }, where: { userId } });
    return found.map(({ id }) => id);
  }

  toIssued(session: PairDeadlines, pair: TokenPair): IssuedPair {
    return toIssued(session, pair, this.clock.now());
  }
}
