import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import {
  sessionError,
  SessionsService,
  type Principal,
  type Session,
  type SessionOpening,
} from '@countersign/sessions';
import { UsersService } from '@countersign/users';

/** The browser that a session is opened for. */
interface OpeningBrowser {
  readonly browser: string;
  readonly knownSessionId: string | undefined;
  readonly clientId: string;
}

/** Sessions of browsers, each opened by a session of the same person on their phone. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
  ) {}

  /** The session of the phone, and its person. @throws AppError session.ended */
  async lock(tx: EntityManager, { userId, sessionId }: Principal): Promise<Session> {
    await this.users.lock(tx, userId);
    const session = await this.sessions.lockById(tx, sessionId);
    if (session?.userId !== userId || session.endedAt) throw sessionError('session.ended');
    return session;
  }

  /** The id of the session; that which the browser has already, where it is of the same person and as strong. */
  async open(
    tx: EntityManager,
    phone: Session,
    { knownSessionId, browser, clientId }: OpeningBrowser,
  ): Promise<string> {
    const known = knownSessionId === undefined ? null : await this.sessions.findById(tx, knownSessionId);
    const same = ['userId', 'applicationId', 'identityId', 'assurance'] as const;
    const isKnown = known?.endedAt === null && same.every((name) => known[name] === phone[name]);
    const session = isKnown ? known.id : await this.openNew(tx, phone, browser);
    const { id, applicationId } = phone;
    const actor = `session:${id}`;
    const details = { session };
    await this.audit.record(tx, 'openid.accepted', { actor, applicationId, subject: clientId, details });
    return session;
  }

  private async openNew(tx: EntityManager, phone: Session, browser: string): Promise<string> {
    const { userId, applicationId, identityId, assurance, door } = phone;
    if (identityId === null) throw sessionError('session.ended');
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const newSession = this.sessions.newSession();
    const { sessionId } = newSession;
    // The browser has the library's cookie. The tokens of this session are given to nobody, and it has no scope.
    const opening: SessionOpening = {
      ...{ newSession, applicationId, userId, identityId, assurance, door, scopes: [] },
      botRowId: phone.botRowId,
      isOfAllowedBot: phone.isOfAllowedBot,
      proofMadeAt: phone.proofMadeAt,
      deviceKeyThumbprint: null,
      policy: settings.session,
      deviceName: browser,
      dataKey: await this.users.getDataKey(userId, tx),
    };
    const [opened] = await this.sessions.open(tx, [opening], true);
    this.sessions.forget(opened?.evicted ?? []);
    await this.audit.record(tx, 'session.opened', {
      actor: `session:${phone.id}`,
      applicationId,
      subject: sessionId,
      details: { assurance },
      event: { userId, sessionId, applicationId, identityId, assurance, door },
    });
    return sessionId;
  }
}
