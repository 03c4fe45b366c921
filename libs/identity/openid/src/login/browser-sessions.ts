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
    { knownSessionId, browser }: OpeningBrowser,
  ): Promise<string> {
    const known = knownSessionId === undefined ? null : await this.sessions.findById(tx, knownSessionId);
    const { userId, applicationId, identityId, assurance, door } = phone;
    const isAsStrong = known?.identityId === identityId && known.assurance === assurance;
    if (isAsStrong && known.userId === userId && known.endedAt === null) return known.id;
    if (identityId === null) throw sessionError('session.ended');
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    const newSession = this.sessions.newSession();
    const { sessionId } = newSession;
    // Nobody gets its tokens, and it has no scope: the library's cookie stands for it.
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

  async record(
    tx: EntityManager,
    action: 'openid.accepted' | 'openid.refused',
    { sessionId, applicationId }: Principal,
    clientId: string,
    opened?: string,
  ): Promise<void> {
    const details = opened === undefined ? {} : { session: opened };
    await this.audit.record(tx, action, {
      actor: `session:${sessionId}`,
      applicationId,
      subject: clientId,
      details,
    });
  }
}
