import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock, SECOND } from '@countersign/clock';
import { Database, Notifications } from '@countersign/database';
import type { Session } from './session';
import { REVOKED_CHANNEL } from './session-endings';
import { SessionsRepository } from './sessions.repository';

const MOST_SESSIONS = 100_000;

/** A refresh on another replica is noticed when the row is read again, so this bounds the life of the older token. */
const FRESH_SECONDS = 15;

/** A session in memory. Its idle deadline runs ahead of the row, which is written at most once a minute. */
export interface CachedSession {
  readonly session: Session;
  readonly loadedAt: Date;
  idleDeadline: Date;
  /** The idle deadline that the row has. */
  rowDeadline: Date;
  /** The first use that the row does not know of. */
  usedAt: Date;
  /** When the row was last read or written. */
  writtenAt: Date;
}

interface Load {
  readonly promise: Promise<CachedSession | null>;
  isOutdated: boolean;
}

/**
 * Sessions in memory, forgotten when a notification says that they ended. Trusted only while notifications are live:
 * otherwise every look-up reads the row.
 */
@Injectable()
export class SessionCache {
  private readonly sessions = new LRUCache<string, CachedSession>({ max: MOST_SESSIONS });
  private readonly loads = new Map<string, Load>();

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {
    notifications.subscribe(REVOKED_CHANNEL, {
      onMessage: (payload) => {
        for (const id of payload.split(',')) this.drop(id);
      },
      onGap: () => {
        this.dropAll();
      },
    });
  }

  /** What memory knows for certain at `now`, without asking the database. */
  peek(sessionId: string, now: Date): CachedSession | null {
    if (!this.notifications.isLive) return null;
    const cached = this.sessions.get(sessionId);
    return cached && now.getTime() - cached.loadedAt.getTime() < FRESH_SECONDS * SECOND ? cached : null;
  }

  /** Reads the row. Simultaneous calls for one session share a statement. */
  async load(sessionId: string): Promise<CachedSession | null> {
    const running = this.loads.get(sessionId);
    const load = running ?? this.startLoad(sessionId);
    const loaded = await load.promise;
    // The session changed while the row was on its way: what was read may be older than the change.
    return load.isOutdated ? this.load(sessionId) : loaded;
  }

  drop(sessionId: string): void {
    this.sessions.delete(sessionId);
    const load = this.loads.get(sessionId);
    if (load) {
      load.isOutdated = true;
      this.loads.delete(sessionId);
    }
  }

  private dropAll(): void {
    this.sessions.clear();
    for (const load of this.loads.values()) load.isOutdated = true;
    this.loads.clear();
  }

  private startLoad(sessionId: string): Load {
    const load: Load = { promise: this.read(sessionId), isOutdated: false };
    this.loads.set(sessionId, load);
    const finish = (): void => {
      if (this.loads.get(sessionId) === load) this.loads.delete(sessionId);
    };
    load.promise.then((loaded) => {
      if (loaded && !load.isOutdated) this.sessions.set(sessionId, loaded);
      finish();
    }, finish);
    return load;
  }

  private async read(sessionId: string): Promise<CachedSession | null> {
    const before = this.sessions.get(sessionId);
    const session = await this.database.read((manager) => this.repository.findById(manager, sessionId));
    if (!session) return null;
    const loadedAt = this.clock.now();
    const fresh: CachedSession = {
      session,
      loadedAt,
      idleDeadline: session.accessIdleExpiresAt,
      rowDeadline: session.accessIdleExpiresAt,
      usedAt: loadedAt,
      writtenAt: loadedAt,
    };
    return before ? carryOver(before, fresh) : fresh;
  }
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
