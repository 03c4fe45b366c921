import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, earliest, plusSeconds } from '@countersign/runtime';
import { Database, waitsForLocks, type Outcome } from '@countersign/database';
import { AppError } from '@countersign/text';
import { assertAllowed, type Verdict } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { SessionCache } from './memory/session-cache';
import { dpopError, sessionError } from './session.errors';
import { checkRefresh, withRotation } from './rotation';
import {
  endOf,
  isOfEarlierDay,
  refusalAtDoor,
  refusalOf,
  toPrincipal,
  type LockedSession,
  type Session,
} from './session';
import { SessionTokens, type PresentedRefreshToken } from './session-tokens';
import { nextOf, toIssued, type IssuedPair } from './session-pairs';
import { SessionsService } from './sessions.service';
import type { Rotation } from './store/session.columns';
import { SessionsRepository } from './store/sessions.repository';

/** How long the previous access token still serves requests in flight after a refresh. */
const PRIOR_ACCESS_SECONDS = 10;

interface RefreshedSession {
  readonly session: Session;
  readonly issued: IssuedPair;
}

/**
 * Throws to refuse a refresh, and returns the thumbprint of the proven key. `count` applies the limit. It is absent for
 * a used token, which ends its session regardless of limits.
 */
export type SessionCheck = (session: Session, count?: () => Promise<void>) => Promise<string | null>;

/** Counts a refresh. It reads through `tx` alone, because waiting for a second connection could exhaust the pool. */
type CountRefresh = (session: Session, tx?: EntityManager) => Promise<Verdict>;

interface Asked {
  readonly presented: PresentedRefreshToken;
  /** The thumbprint of the key that was proven. */
  readonly provenKey: string | null;
  readonly count: (session: Session, tx?: EntityManager) => Promise<void>;
}

type Refreshed = RefreshedSession | 'reused';

type Step =
  | (RefreshedSession & {
      readonly kind: 'advance';
      readonly rotation: Rotation;
      readonly session: LockedSession;
    })
  | (RefreshedSession & { readonly kind: 'repeat' })
  | { readonly kind: 'reuse'; readonly session: Session };

/** Rotates refresh tokens. Concurrent refreshes share a transaction. */
@Injectable()
export class RefreshService {
  private readonly rotateShared: (asked: Asked) => Promise<Refreshed>;

  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly repository: SessionsRepository,
    private readonly tokens: SessionTokens,
    private readonly cache: SessionCache,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {
    this.rotateShared = database.sharedTransactions({
      keyOf: ({ presented }) => presented.sessionId,
      work: (tx, group) => this.rotate(tx, group),
    });
  }

  /**
   * Exchanges a refresh token for the next pair. A used token returns the same pair for ten seconds, and later while
   * the pair is unused and has not expired. Otherwise, it ends the session.
   * @param check runs before anything changes, outside the transaction; null saves the statement that reads the session
   * @param count its verdict may refuse, once the token is known to be one of the session's own
   */
  async refresh(
    refreshToken: unknown,
    check: SessionCheck | null,
    count: CountRefresh,
  ): Promise<RefreshedSession> {
    const presented = this.tokens.readRefresh(refreshToken);
    if (!presented) throw sessionError('session.token_invalid');
    // The refresh is counted once, even after the check and in a transaction that is retried.
    let verdict: Verdict | undefined;
    const countOnce: Asked['count'] = async (session, tx) => {
      verdict ??= await count(session, tx);
      assertAllowed(verdict);
    };
    const provenKey = check ? await this.look(presented, check, countOnce) : null;

    const refreshed = await this.rotateShared({ presented, provenKey, count: countOnce });
    this.cache.drop(presented.sessionId);
    // The error is thrown after the commit, because the end of the session must stay.
    if (refreshed === 'reused') throw sessionError('session.refresh_reused');
    return refreshed;
  }

  private async look(
    presented: PresentedRefreshToken,
    check: SessionCheck,
    count: Asked['count'],
  ): Promise<string | null> {
    const session = await this.database.read((manager) =>
      this.sessions.findById(manager, presented.sessionId),
    );
    const kind = session && checkRefresh(session, presented, this.clock.now()).kind;
    if (!session || kind === 'foreign') throw sessionError('session.token_invalid');
    return kind === 'reused' ? check(session) : check(session, () => count(session));
  }

  private async rotate(tx: EntityManager, group: readonly Asked[]): Promise<readonly Outcome<Refreshed>[]> {
    const ids = group.map(({ presented }) => presented.sessionId);
    const sessions = await this.repository.lock(tx, ids);
    const checked: PromiseSettledResult<Step>[] = [];
    // One after the other: a connection of pg executes one statement at a time.
    for (const asked of group) {
      const step = this.check(tx, asked, sessions.get(asked.presented.sessionId));
      checked.push(...(await Promise.allSettled([step])));
    }
    const steps = checked.flatMap((step) => (step.status === 'fulfilled' ? [step.value] : []));
    await this.repository.rotate(
      tx,
      steps.filter((step) => step.kind === 'advance'),
    );
    await this.noteReturned(tx, steps);
    const reused = steps.flatMap(({ kind, session: { id } }) => (kind === 'reuse' ? [id] : []));
    if (reused.length > 0) await this.sessions.end(tx, { ids: reused }, 'refresh-reuse', { by: 'system' });
    return checked.map((step, index) => {
      // Another transaction has locked the session, or it is gone.
      if (!waitsForLocks(tx) && !sessions.has(ids[index] ?? '')) return null;
      if (step.status === 'fulfilled') return { status: 'fulfilled', value: refreshedBy(step.value) };
      // Any other error may have aborted the transaction.
      if (!(step.reason instanceof AppError)) throw step.reason;
      return step;
    });
  }

  /** Changes nothing. */
  private async check(
    tx: EntityManager,
    { presented, provenKey, count }: Asked,
    session: LockedSession | undefined,
  ): Promise<Step> {
    if (!session) throw sessionError('session.token_invalid');
    const now = this.clock.now();
    if (endOf(session, now)) throw sessionError(refusalOf(session));
    if (!toPrincipal(session)) throw sessionError(refusalAtDoor(session));

    const verdict = checkRefresh(session, presented, now);
    // Without the key, a used token must not even end the session.
    if (verdict.kind !== 'foreign' && session.deviceKeyThumbprint !== provenKey)
      throw dpopError('dpop.proof_missing');
    // A stolen token must end the session on any number of attempts, so only other tokens are counted.
    if (verdict.kind === 'repeated' || verdict.kind === 'current') await count(session, tx);
    switch (verdict.kind) {
      case 'foreign':
        throw sessionError('session.token_invalid');
      case 'repeated': {
        const issued = toIssued(session, this.tokens.successorOf(presented, verdict.seed), now);
        return { kind: 'repeat', session, issued };
      }
      case 'reused':
        return { kind: 'reuse', session };
      case 'current': {
        const seed = this.tokens.newSeed();
        const pair = this.tokens.successorOf(presented, seed);
        const rotations = withRotation(session, presented, seed, now);
        const soon = plusSeconds(now, PRIOR_ACCESS_SECONDS);
        const prior = earliest(session.accessIdleExpiresAt, session.accessExpiresAt, soon);
        return {
          kind: 'advance',
          session,
          ...nextOf(session, pair, { prior, rotations, reenteredAt: null }, now),
        };
      }
    }
  }

  /** Only sessions whose tokens were issued on an earlier day: today's are usually recorded already. */
  private async noteReturned(tx: EntityManager, steps: readonly Step[]): Promise<void> {
    const now = this.clock.now();
    const advanced = steps.filter(({ kind }) => kind === 'advance').map(({ session }) => session);
    this.repository.noteActive(tx, advanced, now);
    const returned = steps.filter(({ kind, session }) => kind === 'advance' && isOfEarlierDay(session, now));
    await this.users.noteReturned(
      tx,
      returned.map(({ session: { userId, applicationId } }) => ({ userId, applicationId })),
    );
  }
}

function refreshedBy(step: Step): Refreshed {
  return step.kind === 'reuse' ? 'reused' : { session: step.session, issued: step.issued };
}
