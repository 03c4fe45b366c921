import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BotsService } from '@countersign/applications';
import { Clock, earliest, plusSeconds, secondsUntil } from '@countersign/clock';
import { equalsConstantTime, seal, tokenDigest, type DataKey } from '@countersign/crypto';
import {
  deadlinesAtRotation,
  deadlinesAtSignIn,
  type SessionDeadlines,
  type SessionPolicy,
} from './deadlines';
import type { EndReason, Session, StepUp, StoredRotation, TokenPair } from './session';
import { SessionCache } from './memory/session-cache';
import { SessionTokens, type MintedPair } from './session-tokens';
import { SessionEndings, type SessionScope } from './store/session-endings.repository';
import type { NewSession, Rotation } from './store/session.columns';
import { SessionsRepository } from './store/sessions.repository';

/** Live sessions of one person in one application; opening another ends the oldest. */
export const SESSIONS_PER_USER_AND_APPLICATION = 10;

/** How long the access token before a refresh still serves requests that were on their way. */
const PRIOR_ACCESS_SECONDS = 10;

/** How long a session may do what asks for step-up, and how old the proof for it may be. */
export const STEP_UP_SECONDS = 300;

/** Refused re-entries of one session are recorded once in so long. */
const REFUSED_REENTRY_SECONDS = 60;

/** The id and tokens of a session that may be opened. */
export interface SessionDraft {
  readonly sessionId: string;
  readonly pair: MintedPair;
}

/** What the sessions themselves decide when one is opened. */
type DecidedHere =
  | 'id'
  | 'deviceName'
  | 'authenticatedAt'
  | keyof SessionDeadlines
  | 'accessDigest'
  | 'refreshDigest'
  | 'familyDigest'
  | 'accessIdleIn'
  | 'accessAbsoluteIn'
  | 'refreshIdleIn';

/** Everything else about a new session, and what they decide by. */
export interface SessionOpening extends Omit<NewSession, DecidedHere> {
  readonly identityId: string;
  readonly policy: SessionPolicy;
  readonly deviceName: string | null;
  /** Of the person, to seal what is personal. */
  readonly dataKey: DataKey;
}

/** The next pair of a session that the caller has locked. */
export interface Advance {
  readonly session: Session;
  readonly pair: MintedPair;
  readonly rotations: readonly StoredRotation[];
}

/** An answered pair with the seconds that its tokens have left. */
export interface IssuedPair extends TokenPair {
  readonly sessionId: string;
  readonly expiresIn: number;
  readonly refreshExpiresIn: number;
  /** When the access token ends, however much it is used. */
  readonly accessExpiresAt: Date;
}

/** The pair of a session that was opened, and the ids of older ones that had to go. */
export interface OpenedSession {
  readonly issued: IssuedPair;
  readonly evicted: readonly string[];
  readonly openedAt: Date;
}

/** Opens, renews and ends sessions inside the caller's transaction. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly repository: SessionsRepository,
    private readonly endings: SessionEndings,
    private readonly tokens: SessionTokens,
    private readonly cache: SessionCache,
    private readonly bots: BotsService,
    private readonly clock: Clock,
  ) {}

  draft(): SessionDraft {
    const sessionId = uuidv7();
    return { sessionId, pair: this.tokens.mint(sessionId) };
  }

  /**
   * The caller holds the lock of the user.
   * @throws AppError bot.not_found, bot.disabled, bot.compromised when the bot changed since the proof was verified
   */
  async open(tx: EntityManager, draft: SessionDraft, opening: SessionOpening): Promise<OpenedSession> {
    const [opened] = await this.openAll(tx, [{ draft, opening }], true);
    if (!opened) throw await this.bots.refusalOf(tx, opening.botRowId);
    return opened;
  }

  /**
   * Opens sessions of different users, whose locks the caller holds.
   * @param waits whether to wait for a bot that somebody is about to change
   * @returns `null` for one whose bot changed since the proof was verified, or may be about to
   */
  async openAll(
    tx: EntityManager,
    wanted: readonly { readonly draft: SessionDraft; readonly opening: SessionOpening }[],
    waits: boolean,
  ): Promise<readonly (OpenedSession | null)[]> {
    const now = this.clock.now();
    const sessions = wanted.map(({ draft, opening }) => toNewSession(draft, opening, now));
    const limit = SESSIONS_PER_USER_AND_APPLICATION;
    const evicted = await this.repository.insertWithinLimit(tx, sessions, { limit, now, waits });
    return wanted.map(({ draft }, index) => {
      const [session, ids] = [sessions[index], evicted[index]];
      return session && ids
        ? { issued: this.toIssued(session, draft.pair), evicted: ids, openedAt: now }
        : null;
    });
  }

  async findById(manager: EntityManager, sessionId: string): Promise<Session | null> {
    return this.repository.findById(manager, sessionId);
  }

  async lockById(tx: EntityManager, sessionId: string): Promise<Session | null> {
    return this.repository.lockById(tx, sessionId);
  }

  /** @param waits whether to wait for sessions that somebody else has locked; otherwise they are left out */
  async lock(
    tx: EntityManager,
    ids: readonly string[],
    waits: boolean,
  ): Promise<ReadonlyMap<string, Session>> {
    const locked = await this.repository.lock(tx, ids, waits);
    return new Map(locked.map((session) => [session.id, session]));
  }

  /** Whether a pair is the one that the session has now. */
  isCurrent(session: Session, { refreshToken }: TokenPair): boolean {
    return equalsConstantTime(tokenDigest(refreshToken), session.refreshDigest);
  }

  /**
   * Gives the session a new pair in a new chain: every token issued before is worthless at once, and so is step-up.
   * @param deviceKeyThumbprint of the key that the new pair is bound to
   * @param reenteredAt when the proof was verified once more
   */
  async renew(
    tx: EntityManager,
    session: Session,
    deviceKeyThumbprint: string | null,
    reenteredAt: Date,
  ): Promise<IssuedPair> {
    const pair = this.tokens.mint(session.id);
    const bound = { ...session, deviceKeyThumbprint };
    const next = this.toNext(bound, pair, { prior: null, rotations: [], reenteredAt });
    await this.repository.rotate(tx, [next.rotation]);
    await this.endings.announceRevoked(tx, [session.id]);
    return next.issued;
  }

  /**
   * Gives sessions the next pairs of their chains; each access token before lives on for a few seconds.
   * @returns the pairs by session
   */
  async advance(tx: EntityManager, advances: readonly Advance[]): Promise<ReadonlyMap<string, IssuedPair>> {
    const soon = plusSeconds(this.clock.now(), PRIOR_ACCESS_SECONDS);
    const nexts = advances.map(({ session, pair, rotations }) => {
      const prior = earliest(session.accessIdleExpiresAt, session.accessExpiresAt, soon);
      return this.toNext(session, pair, { prior, rotations, reenteredAt: null });
    });
    if (nexts.length > 0)
      await this.repository.rotate(
        tx,
        nexts.map(({ rotation }) => rotation),
      );
    return new Map(nexts.map(({ issued }) => [issued.sessionId, issued]));
  }

  /**
   * Ends sessions and answers the ids of those that had not ended. Call `forget` with them after the commit.
   * @param waits whether to wait for sessions that somebody else has locked; otherwise they are left out
   */
  async end(
    tx: EntityManager,
    ids: readonly string[],
    reason: EndReason,
    waits = true,
  ): Promise<readonly string[]> {
    return this.endings.end(tx, { ids, waits }, reason, this.clock.now());
  }

  /** Like `end`, for the sessions of a person: of one application or of all, except one or none. */
  async endOfUser(tx: EntityManager, scope: SessionScope, reason: EndReason): Promise<readonly string[]> {
    return this.endings.endOfUser(tx, scope, reason, this.clock.now());
  }

  /**
   * Like `end`, for the sessions and step-ups of a person that weaker proofs than the platform's opened. Ends nothing when the
   * platform has opened a session with the identity before.
   */
  async endOutranked(
    tx: EntityManager,
    person: { readonly userId: string; readonly identityId: string },
  ): Promise<readonly string[]> {
    if (await this.repository.hasPlatformSession(tx, person)) return [];
    await this.repository.endWeakStepUps(tx, person.userId);
    return this.endings.endOutranked(tx, person.userId, this.clock.now());
  }

  /** Like `end`, for the sessions that an identity of a person opened. */
  async endOfIdentity(
    tx: EntityManager,
    identity: { readonly userId: string; readonly id: string },
    reason: EndReason,
  ): Promise<readonly string[]> {
    return this.endings.endOfIdentity(tx, identity, reason, this.clock.now());
  }

  /** Sessions that an identity opened, all of them over, forget it: it leaves the account. */
  async forgetIdentity(
    tx: EntityManager,
    identity: { readonly userId: string; readonly id: string },
  ): Promise<void> {
    await this.repository.forgetIdentity(tx, identity);
  }

  /** Lets the session do what asks for step-up, until then. Call `forget` after the commit: memory says when it was proven. */
  async stepUp(tx: EntityManager, sessionId: string, stepUp: StepUp): Promise<void> {
    await this.repository.setStepUp(tx, sessionId, stepUp, this.clock.now());
    await this.endings.announceRevoked(tx, [sessionId]);
  }

  /**
   * Remembers for its owner that somebody without the device key presented the proof of the session. The caller has locked it.
   * @returns false when that was remembered within the last minute: then nothing is written.
   */
  async noteRefusedReentry(tx: EntityManager, { id, reentryRefusedAt }: Session): Promise<boolean> {
    const now = this.clock.now();
    if (reentryRefusedAt && now < plusSeconds(reentryRefusedAt, REFUSED_REENTRY_SECONDS)) return false;
    await this.repository.setReentryRefused(tx, id, now);
    return true;
  }

  /** The thumbprints of the device keys that live sessions of a person in one application are bound to. */
  async deviceKeysOf(
    manager: EntityManager,
    userId: string,
    applicationId: string,
  ): Promise<readonly string[]> {
    return this.repository.deviceKeysOf(manager, userId, applicationId, this.clock.now());
  }

  /** Drops sessions from this process's memory at once; other replicas hear of ended ones by notification. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.cache.drop(id);
  }

  toIssued(
    {
      id,
      accessExpiresAt,
      accessIdleExpiresAt,
      idleExpiresAt,
    }: Pick<Session, 'id' | 'accessExpiresAt' | 'accessIdleExpiresAt' | 'idleExpiresAt'>,
    { accessToken, refreshToken }: TokenPair,
  ): IssuedPair {
    const now = this.clock.now();
    return {
      accessToken,
      refreshToken,
      sessionId: id,
      expiresIn: secondsUntil(accessIdleExpiresAt, now),
      refreshExpiresIn: secondsUntil(idleExpiresAt, now),
      accessExpiresAt,
    };
  }

  private toNext(
    session: Session,
    pair: MintedPair,
    {
      prior,
      rotations,
      reenteredAt,
    }: { prior: Date | null; rotations: readonly StoredRotation[]; reenteredAt: Date | null },
  ): { readonly rotation: Rotation; readonly issued: IssuedPair } {
    const policy = {
      accessIdle: session.accessIdleIn,
      accessAbsolute: session.accessAbsoluteIn,
      refreshIdle: session.refreshIdleIn,
    };
    const deadlines = deadlinesAtRotation(policy, session.expiresAt, this.clock.now());
    const rotation: Rotation = {
      id: session.id,
      ...deadlines,
      accessDigest: pair.accessDigest,
      refreshDigest: pair.refreshDigest,
      familyDigest: pair.familyDigest,
      priorAccessDigest: prior ? session.accessDigest : null,
      priorAccessExpiresAt: prior,
      rotations,
      reenteredAt,
      deviceKeyThumbprint: session.deviceKeyThumbprint,
    };
    return { rotation, issued: this.toIssued({ id: session.id, ...deadlines }, pair) };
  }
}

function toNewSession({ sessionId, pair }: SessionDraft, opening: SessionOpening, now: Date): NewSession {
  const { policy, deviceName, dataKey, ...decided } = opening;
  return {
    ...decided,
    id: sessionId,
    deviceName:
      deviceName === null
        ? null
        : seal(dataKey, { table: 'sessions', column: 'device_name', row: sessionId }, deviceName),
    authenticatedAt: now,
    ...deadlinesAtSignIn(policy, now),
    accessDigest: pair.accessDigest,
    refreshDigest: pair.refreshDigest,
    familyDigest: pair.familyDigest,
    accessIdleIn: policy.accessIdle,
    accessAbsoluteIn: policy.accessAbsolute,
    refreshIdleIn: policy.refreshIdle,
  };
}
