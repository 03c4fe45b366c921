import { Injectable } from '@nestjs/common';
import { Clock, Metrics, SECOND } from '@countersign/runtime';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import { LRUCache } from 'lru-cache';
import { toPrincipal, type AccessSession, type Principal, type SessionRefusal, endReasons } from '../session';
import { REVOKED_CHANNEL } from '../store/session-endings.repository';
import { SessionsRepository } from '../store/sessions.repository';

export type TokenRefusal = SessionRefusal | 'session.token_invalid';

const FINAL_SECONDS = 600;

/** Another replica writes a use within a second. An operator may accept a disputed session. */
const NOT_FINAL_SECONDS = 1;

/**
 * Negative cache of refused access tokens, by the digest of the whole token. A repeated token costs no statement.
 * Except for `mayReturn`, the refusal is final: the session is over, or another token replaced this one.
 */
@Injectable()
export class RefusedTokens {
  /** `until` is in milliseconds since the epoch. */
  private readonly refused = new LRUCache<string, { code: TokenRefusal; until: number }>({
    max: MAX_SESSIONS,
  });

  constructor(
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    metrics.watchCache('refusals', () => this.refused.size);
  }

  find(digest: Buffer): TokenRefusal | undefined {
    if (this.refused.size === 0) return undefined;
    const found = this.refused.get(digest.toString('latin1'));
    const isKnown = found !== undefined && found.until > this.clock.now().getTime();
    this.metrics.cacheLookup('refusals', isKnown ? 'hit' : 'miss');
    return isKnown ? found.code : undefined;
  }

  /** @param mayReturn whether only its idle deadline has passed, or its session is disputed */
  add(digest: Buffer, code: TokenRefusal, mayReturn: boolean): void {
    const seconds = mayReturn ? NOT_FINAL_SECONDS : FINAL_SECONDS;
    const until = this.clock.now().getTime() + seconds * SECOND;
    this.refused.set(digest.toString('latin1'), { code, until });
  }
}

/** Another replica's refresh is noticed when the row is read again, so this limits how long the older token works. */
const FRESH_SECONDS = 15;

/** A replica that serves more sessions within `FRESH_SECONDS` reads some rows more often. */
export const MAX_SESSIONS = 20_000;

/** Immutable. Changes are read from the row, and the `SlideWriter` stores uses. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` if its identity was detached, which ends the session. */
  readonly principal: Principal | null;
}

@Injectable()
export class SessionCache extends NotifiedCache<CachedSession> {
  constructor(
    database: Database,
    repository: SessionsRepository,
    notifications: Notifications,
    clock: Clock,
    metrics: Metrics,
  ) {
    super(notifications, clock, {
      channel: REVOKED_CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: MAX_SESSIONS,
      watch: (result) => metrics.cacheLookup('sessions', result),
      read: async (sessionId) => {
        const session = await database.read((manager) => repository.findForAccess(manager, sessionId));
        return session && toCached(session);
      },
    });
    metrics.watchCache('sessions', () => this.size);
  }
}

function toCached(session: AccessSession): CachedSession {
  const accessDigest = ownCopy(session.accessDigest);
  const priorAccessDigest = session.priorAccessDigest && ownCopy(session.priorAccessDigest);
  return { session: { ...session, accessDigest, priorAccessDigest }, principal: toPrincipal(session) };
}

/** A slice of Node's pool that lives long would keep 8 KiB alive. */
function ownCopy(bytes: Buffer): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer);
}

/** See `REVOKED_CHANNEL`. */
const MESSAGE = /^@(\d+)(?::([^,]+))?((?:,[^,]+)+)$/;

const REASONS: ReadonlySet<string> = new Set(endReasons);

/** Measures how long revocations take to reach this process, and counts ended sessions by reason. */
@Injectable()
export class RevocationLag {
  constructor(notifications: Notifications, clock: Clock, metrics: Metrics) {
    notifications.subscribe(REVOKED_CHANNEL, {
      onMessage: (payload) => {
        const [, sentAt, reason, ids] = MESSAGE.exec(payload) ?? [];
        if (sentAt === undefined) return;
        // A replica of a later version may send another reason, but labels are a closed set.
        if (reason !== undefined)
          metrics.sessionsEnded(
            { reason: REASONS.has(reason) ? reason : 'other' },
            (ids ?? '').split(',').length - 1,
          );
        // The two clocks may differ, and this difference is included.
        metrics.revocationHeard({}, Math.max(0, clock.now().getTime() - Number(sentAt)) / SECOND);
      },
      onGap: () => undefined,
    });
  }
}
