import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import type { AccessSession, Principal } from './session';
import { REVOKED_CHANNEL } from './session-endings';
import { SessionsRepository } from './sessions.repository';

/** A refresh on another replica is noticed when the row is read again, so this bounds the life of the older token. */
const FRESH_SECONDS = 15;

/** What an entry takes besides its texts: measured, with room to spare. */
const SESSION_BYTES = 2_000;
const MEBIBYTE = 1024 * 1024;

/** A session in memory. Its idle deadline runs ahead of the row, which is written at most once a minute. */
export interface CachedSession {
  readonly session: AccessSession;
  /** `null` when the identity was taken from the account, and the session is over. */
  readonly principal: Principal | null;
  idleDeadline: Date;
  /** The idle deadline that the row has. */
  rowDeadline: Date;
  /** The first use that the row does not know of. */
  usedAt: Date;
  /** When the row was last read or written. */
  writtenAt: Date;
}

/** Sessions in memory, forgotten when a notification says that they ended. */
@Injectable()
export class SessionCache extends NotifiedCache<CachedSession> {
  constructor(
    database: Database,
    repository: SessionsRepository,
    notifications: Notifications,
    clock: Clock,
    { sessionCacheEntries, sessionCacheMebibytes }: Configuration,
    metrics: Metrics,
  ) {
    super(notifications, clock, {
      channel: REVOKED_CHANNEL,
      freshSeconds: FRESH_SECONDS,
      maxEntries: sessionCacheEntries,
      maxBytes: sessionCacheMebibytes * MEBIBYTE,
      sizeOf: ({ session }) => session.scopes.reduce((bytes, { length }) => bytes + length, SESSION_BYTES),
      watch: (result) => {
        metrics.cacheLookup('sessions', result);
      },
      merge: carryOver,
      read: async (sessionId) => {
        const session = await database.read((manager) => repository.findForAccess(manager, sessionId));
        return session && toCached(session, clock.now());
      },
    });
    metrics.watchCache('sessions', () => this.size);
  }
}

export function toCached(read: AccessSession, now: Date): CachedSession {
  const { accessDigest, priorAccessDigest } = read;
  const session: AccessSession = {
    ...read,
    accessDigest: alone(accessDigest),
    priorAccessDigest: priorAccessDigest && alone(priorAccessDigest),
  };
  return {
    session,
    principal: toPrincipal(session),
    idleDeadline: session.accessIdleExpiresAt,
    rowDeadline: session.accessIdleExpiresAt,
    usedAt: now,
    writtenAt: now,
  };
}

export function toPrincipal({
  id,
  userId,
  applicationId,
  identityId,
  assurance,
  scopes,
}: AccessSession): Principal | null {
  return identityId === null
    ? null
    : Object.freeze({ sessionId: id, userId, applicationId, identityId, assurance, scopes });
}

/** Node cuts small buffers from pieces of 8 KiB: a digest that is kept for long would keep the whole piece. */
function alone(digest: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(digest.length);
  digest.copy(copy);
  return copy;
}

/** Keeps a slide that has not reached the row yet, unless the row tells of another token. */
function carryOver(before: CachedSession, fresh: CachedSession): CachedSession {
  const isAhead =
    before.idleDeadline > fresh.idleDeadline &&
    before.usedAt < fresh.idleDeadline &&
    before.session.accessDigest.equals(fresh.session.accessDigest);
  if (!isAhead) return fresh;
  return { ...fresh, idleDeadline: before.idleDeadline, usedAt: before.usedAt, writtenAt: before.writtenAt };
}
