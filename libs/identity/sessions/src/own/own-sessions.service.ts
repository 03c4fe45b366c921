import { Injectable } from '@nestjs/common';
import { AllowedOrigins } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database, waitsForLocks } from '@countersign/database';
import { toKeyset, toPage, toResponse, type Page, type PageQuery } from '@countersign/http';
import { UsersService, assurances, isAtLeast } from '@countersign/users';
import { AccountAccess } from '../access/session-authenticator';
import { DeviceKeys, type ShownProof } from '../device-keys/device-keys';
import { SessionResponse, shownOf } from '../dto/session.response';
import { assertScheme, type Credentials } from '../access/request-authenticator';
import { isAssurance, type Principal, type Session } from '../session';
import { isAccessTokenOf } from '../rotation';
import { sessionError } from '../session.errors';
import { sealedDeviceName } from '../session-pairs';
import { SessionTokens } from '../session-tokens';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionsService } from '../sessions.service';
import type { SessionScope } from '../store/session-endings.repository';
import { sessionEvents } from '../sessions.feature';

/** A session that is restricted to its application cannot end a stronger one. */
function mayEnd(caller: Principal, applicationId: string | null, session: Session): boolean {
  if (session.id === caller.sessionId) return true;
  const { assurances: ending, ofAllowedBots } = limitsOf(caller, applicationId);
  const { assurance, isOfAllowedBot } = session;
  if (ending && !(isAssurance(assurance) && ending.includes(assurance))) return false;
  return !ofAllowedBots || isOfAllowedBot;
}

/** A session that acts for the whole account is at its level, so it can end all sessions. */
function limitsOf(
  { assurance, isOfAllowedBot }: Principal,
  applicationId: string | null,
): Required<Pick<SessionScope, 'assurances' | 'ofAllowedBots'>> {
  if (applicationId === null) return { assurances: null, ofAllowedBots: false };
  return {
    assurances: assurance === 'platform' ? null : assurances.filter((each) => isAtLeast(assurance, each)),
    ofAllowedBots: isOfAllowedBot,
  };
}

/** A session below the account plane sees and ends only sessions of its application. Other sessions see and end all. */
@Injectable()
export class OwnSessionsService {
  private readonly lookShared: (id: string) => Promise<Session | null>;
  private readonly leaveShared: (session: Session) => Promise<void>;

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly sessions: SessionsService,
    private readonly tokens: SessionTokens,
    private readonly access: AccountAccess,
    private readonly origins: AllowedOrigins,
    private readonly users: UsersService,
    private readonly deviceKeys: DeviceKeys,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {
    this.lookShared = database.sharedReads({
      keyOf: (id) => id,
      work: async (manager, ids) => {
        const found = await repository.findByIds(manager, ids);
        const sessions = new Map(found.map((session) => [session.id, session]));
        return ids.map((id) => ({ status: 'fulfilled', value: sessions.get(id) ?? null }));
      },
    });
    this.leaveShared = database.sharedTransactions({
      keyOf: ({ id }) => id,
      work: async (tx, group) => {
        const ids = group.map(({ id }) => id);
        const ended = new Set(await sessions.end(tx, { ids }, 'logout', { isByItself: true }));
        return ids.map((id) =>
          waitsForLocks(tx) || ended.has(id) ? { status: 'fulfilled', value: undefined } : null,
        );
      },
    });
  }

  async list(caller: Principal, page: PageQuery): Promise<Page<SessionResponse>> {
    const keyset = toKeyset(page);
    const applicationId = await this.applicationOf(caller);
    const found = await this.database.read((manager) =>
      this.repository.listLive(manager, caller.userId, applicationId, keyset, this.clock.now()),
    );
    const dataKey = await this.users.getDataKey(caller.userId);
    const shown = toPage(found, keyset.limit, ({ id }) => id);
    const items = shown.items.map((session) =>
      toResponse(SessionResponse, {
        ...shownOf(session),
        deviceName: sealedDeviceName.open(dataKey, session.id, session.deviceName),
        current: session.id === caller.sessionId,
      }),
    );
    return { ...shown, items };
  }

  async endOne(caller: Principal, sessionId: string): Promise<void> {
    const applicationId = await this.applicationOf(caller);
    const isAllowed = await this.database.read(async (manager) => {
      const found = await this.repository.findById(manager, sessionId);
      return (
        found?.userId === caller.userId &&
        (applicationId === null || found.applicationId === applicationId) &&
        mayEnd(caller, applicationId, found)
      );
    });
    if (!isAllowed) throw sessionError('session.not_found');
    await this.database.transaction((tx) =>
      this.sessions.end(tx, { ids: [sessionId] }, 'ended-by-owner', { by: `session:${caller.sessionId}` }),
    );
  }

  /**
   * Also outdates proofs of the person. A restricted session outdates proofs for its application, and only weak ones if
   * its own proof is weaker than the platform's by the application's own bot.
   * @param all whether this session ends too
   */
  async endAll(caller: Principal, all: boolean): Promise<void> {
    const { userId, sessionId } = caller;
    // A session restricted to one application must not end access to others.
    const applicationId = await this.applicationOf(caller);
    const limits = limitsOf(caller, applicationId);
    const isWeak = limits.assurances !== null || limits.ofAllowedBots;
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      if (applicationId === null) await this.users.setAuthNotBefore(tx, userId);
      else await this.users.setNotBeforeIn(tx, { userId, applicationId }, isWeak ? 'weak' : 'all');
      const scope = { userId, applicationId, exceptId: all ? null : sessionId, ...limits };
      const ids = await this.sessions.end(tx, scope, 'ended-all');
      await this.audit.record(tx, sessionEvents.ended, {
        actor: `session:${sessionId}`,
        applicationId: caller.applicationId,
        details: { reason: 'ended-all', count: String(ids.length) },
      });
    });
  }

  /** Ends the session of an access token, even of an expired one: an idle client may still log out. */
  async logout(
    { scheme, accessToken }: Credentials,
    shown: ShownProof,
    origin: string | undefined,
    assertInput: () => void,
  ): Promise<void> {
    const presented = this.tokens.readAccess(accessToken);
    if (!presented) throw sessionError('session.token_invalid');
    const session = await this.lookShared(presented.sessionId);
    // After its absolute end, the session stays over: a logout would let its proof open another one.
    if (!session || session.endedAt || session.expiresAt <= this.clock.now()) return;
    if (!isAccessTokenOf(session, presented)) throw sessionError('session.token_invalid');
    await this.origins.assertAllowed(session.applicationId, origin);
    const { deviceKeyThumbprint } = session;
    assertScheme(scheme, deviceKeyThumbprint);
    if (deviceKeyThumbprint !== null)
      await this.deviceKeys.assertPossession(shown, { deviceKeyThumbprint }, accessToken);
    assertInput();
    await this.leaveShared(session);
  }

  private async applicationOf(caller: Principal): Promise<string | null> {
    return (await this.access.isAccountWide(caller)) ? null : caller.applicationId;
  }
}
