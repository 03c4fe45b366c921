import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { toPrincipal, type AccessSession, type Principal, endReasons } from '../session';
import { REVOKED_CHANNEL } from '../store/session-endings.repository';
import { SessionsRepository } from '../store/sessions.repository';

/**
 * A refresh on another replica is noticed when the row is read again, so this bounds the life of the older
 * token.
 */
const FRESH_SECONDS = 15;

/** A replica that serves more sessions than these within the seconds above reads some rows more often. */
export const MAX_SESSIONS = 20_000;

/** Immutable: changes are read from the row, and uses are kept by the `SlideWriter`. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` when its identity was detached, which ends the session. */
  readonly principal: Principal | null;
}

/** Cached sessions, dropped when a notification says that they ended. */
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
      watch: (result) => {
        metrics.cacheLookup('sessions', result);
      },
      read: async (sessionId) => {
        const session = await database.read((manager) => repository.findForAccess(manager, sessionId));
        return session && toCached(session);
      },
    });
    metrics.watchCache('sessions', () => this.size);
  }
}

function toCached(session: AccessSession): CachedSession {
  const { accessDigest, priorAccessDigest } = session;
  const digests = {
    accessDigest: ownCopy(accessDigest),
    priorAccessDigest: priorAccessDigest && ownCopy(priorAccessDigest),
  };
  return { session: { ...session, ...digests }, principal: toPrincipal(session) };
}

/** Outside of Node's pool: a part of it that lives long keeps 8 KiB alive. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

/** First item, then the ids of sessions. */
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
        // A replica of a later version may send another reason: labels are a closed set.
        if (reason !== undefined)
          metrics.sessionsEnded(
            { reason: REASONS.has(reason) ? reason : 'other' },
            (ids ?? '').split(',').length - 1,
          );
        // By two clocks: their difference is part of the measurement.
        metrics.revocationHeard({}, Math.max(0, clock.now().getTime() - Number(sentAt)) / SECOND);
      },
      onGap: () => undefined,
    });
  }
}
