import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Database } from '@countersign/database';
import {
  sessionError,
  SessionsService,
  type Principal,
  type LockedSession,
  sessionEvents,
  sessionSettings,
} from '@countersign/sessions';
import { UsersService, type LockedUser } from '@countersign/users';
import { SeenClients } from '../consents/seen-clients';
import type { OpenidClientEntity } from '../store/openid.entities';
import { openidEvents } from '../openid.feature';

interface OpeningBrowser {
  readonly browser: string;
  readonly knownSessionId: string | undefined;
  readonly clientId: string;
}

interface LockedOpener {
  readonly user: LockedUser;
  readonly session: LockedSession;
}

/** Opens sessions of browsers by the session of the same person's phone. A browser can also open its own. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    private readonly seen: SeenClients,
  ) {}

  async lock(tx: EntityManager, { userId, sessionId }: Principal): Promise<LockedOpener> {
    const user = await this.users.lock(tx, userId);
    const session = await this.sessions.lockById(tx, sessionId);
    if (session?.userId !== userId || session.endedAt) throw sessionError('session.ended');
    return { user, session };
  }

  /**
   * Returns the session's id. If the browser already has a session of the same person and strength, this session stays.
   * @param by the session of the phone, or with `isOwn` one that the browser has opened itself
   */
  async open(
    tx: EntityManager,
    opener: LockedOpener,
    opening: OpeningBrowser,
    isOwn: boolean,
  ): Promise<string> {
    const { session: by } = opener;
    const { knownSessionId = '', browser, clientId } = opening;
    const known = await this.sessions.findById(tx, knownSessionId);
    const same = ['userId', 'applicationId', 'identityId', 'assurance'] as const;
    const isKnown = known?.endedAt === null && same.every((name) => known[name] === by[name]);
    const opened = isKnown ? known.id : isOwn ? by.id : await this.openNew(tx, opener, browser);
    const { id, applicationId } = by;
    const actor = `session:${id}`;
    const details = { session: opened };
    await this.audit.record(tx, openidEvents.accepted, { actor, applicationId, subject: clientId, details });
    if (isOwn && opened !== id) await this.end(id, tx);
    return opened;
  }

  hasSeen({ userId }: Principal, client: OpenidClientEntity): Promise<boolean> {
    return this.seen.has(userId, client);
  }

  /** @param shown the digest of the client as the person has seen it */
  async see(tx: EntityManager, caller: Principal, clientId: string, shown: string): Promise<void> {
    const { user } = await this.lock(tx, caller);
    await this.seen.add(tx, user.userId, clientId, shown);
  }

  /** A browser that was signed in already got a code for another client without a question. */
  async recordSilent({ userId, sessionId, applicationId }: Principal, clientId: string): Promise<void> {
    const actor = `session:${sessionId}`;
    const event = { userId, sessionId, applicationId, clientId };
    await this.database.transaction((tx) =>
      this.audit.record(tx, openidEvents.signedInSilently, {
        actor,
        applicationId,
        subject: clientId,
        event,
      }),
    );
  }

  /** `Logouts` then deletes the session's records and notifies its clients. */
  async end(sessionId: string, given?: EntityManager): Promise<void> {
    const end = async (tx: EntityManager): Promise<void> => {
      const by = `session:${sessionId}`;
      await this.sessions.end(tx, { ids: [sessionId] }, 'logout', { by });
    };
    await (given ? end(given) : this.database.transaction(end));
  }

  private async openNew(
    tx: EntityManager,
    { user, session: phone }: LockedOpener,
    browser: string,
  ): Promise<string> {
    const { userId, applicationId, identityId, assurance, door } = phone;
    if (identityId === null) throw sessionError('session.ended');
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const newSession = this.sessions.newSession();
    const { sessionId } = newSession;
    // The browser has only the library's cookie. The tokens of this session are discarded, and it has no scope.
    const own = { newSession, identityId, scopes: [], deviceKeyThumbprint: null, deviceName: browser };
    const opening = { ...phone, ...own, user, policy: sessionSettings.of(settings) };
    await this.sessions.open(tx, [opening]);
    await this.audit.record(tx, sessionEvents.opened, {
      actor: `session:${phone.id}`,
      applicationId,
      subject: sessionId,
      details: { assurance },
      event: { userId, sessionId, applicationId, identityId, assurance, door },
    });
    return sessionId;
  }
}
