import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { CACHED_SESSION_BYTES, sessionStore, type CachedSession } from './session-records';
import { toPrincipal } from '../session';
import { REVOKED_CHANNEL } from '../store/session-endings.repository';
import { SessionsRepository } from '../store/sessions.repository';

/**
 * A refresh on another replica is noticed when the row is read again, so this bounds the life of the older
 * token.
 */
const FRESH_SECONDS = 15;

const MEBIBYTE = 1024 * 1024;

/** Cached sessions, dropped when a notification says that they ended. */
@Injectable()
export class SessionCache extends NotifiedCache<CachedSession> {
  constructor(
    database: Database,
    repository: SessionsRepository,
    notifications: Notifications,
    clock: Clock,
    configuration: Configuration,
    metrics: Metrics,
  ) {
    super(notifications, clock, {
      channel: REVOKED_CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: sessionStore(maxSessions(configuration)),
      watch: (result) => {
        metrics.cacheLookup('sessions', result);
      },
      read: async (sessionId) => {
        const session = await database.read((manager) => repository.findForAccess(manager, sessionId));
        return session && { session, principal: toPrincipal(session) };
      },
    });
    metrics.watchCache('sessions', () => this.size);
  }
}

function maxSessions({ sessionCacheEntries, sessionCacheMebibytes }: Configuration): number {
  return Math.min(sessionCacheEntries, Math.floor((sessionCacheMebibytes * MEBIBYTE) / CACHED_SESSION_BYTES));
}
