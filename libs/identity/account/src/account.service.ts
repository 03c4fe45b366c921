import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApplicationsService, BotsService, type BotKey } from '@countersign/applications';
import { AuditService, personActor, operator } from '@countersign/audit';
import { neededFields, RedirectCodes } from '@countersign/auth';
import { Database } from '@countersign/database';
import {
  grantedTo,
  AccountAccess,
  sessionError,
  SessionEndingsInSteps,
  SessionsService,
  type Principal,
} from '@countersign/sessions';
import { AccountEvents, Erasures, UsersService, type UserStatus, userEvents } from '@countersign/users';
import { accountError } from './account.errors';
import type { UserStatusResponse } from './admin/dto/user.dto';
import { AddsToMe, type MeResponse } from './dto/me.response';
import { toMeResponse } from './me.mapper';

/** Selects the sessions that proofs of one bot token or one vendor opened at `since` or later. */
export type LeakedSecret = ({ readonly bot: BotKey } | { readonly vendorOf: string }) & {
  readonly since: Date;
};

@Injectable()
export class AccountService {
  private readonly additions;

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly access: AccountAccess,
    private readonly sessions: SessionsService,
    private readonly endings: SessionEndingsInSteps,
    private readonly applications: ApplicationsService,
    private readonly bots: BotsService,
    private readonly codes: RedirectCodes,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    discovery: DiscoveryService,
  ) {
    this.additions = AddsToMe.in(discovery);
  }

  async describe(caller: Principal): Promise<MeResponse> {
    const [user, application] = await Promise.all([
      this.users.getById(caller.userId),
      this.applications.getById(caller.applicationId),
    ]);
    const isAtLevel = await this.access.isAccountWide(caller, application);
    const erasure = user.isClosed ? await this.erasures.find(user.id) : null;
    const granted = grantedTo(caller, application);
    const me = toMeResponse(user, granted, isAtLevel, neededFields(application), erasure);
    const added = await Promise.all(this.additions.all.map((each) => each.describe(caller, user)));
    return Object.assign(me, ...added) as MeResponse;
  }

  /** Deactivating an account ends all its sessions. */
  async setStatus(userId: string, status: UserStatus): Promise<UserStatusResponse> {
    await this.users.assertNotMerged(userId);
    const ended = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      if (status === 'active' && (await this.erasures.find(userId, tx))?.isDisputed)
        throw accountError('account.erasures_wait');
      await this.users.setStatus(tx, user, status);
      await this.audit.recordByOperator(tx, userEvents.userStatusChanged, {
        subject: personActor(user.auditPseudonym),
        details: { status },
        event: { userId, status },
        applicationIds: this.events.of(userId),
      });
      if (status === 'active') return [];
      await this.users.setAuthNotBefore(tx, userId);
      return this.sessions.end(tx, { userId }, 'deactivated');
    });
    return { userId, status, endedSessions: ended.length };
  }

  /** Ends one session or all sessions of a user for an operator. Their proofs open no other sessions. */
  async revoke(
    target: { readonly sessionId: string } | { readonly userId: string },
  ): Promise<{ endedSessions: number }> {
    const ending = { by: operator() };
    if ('userId' in target) await this.users.assertNotMerged(target.userId);
    const ended = await this.database.transaction(async (tx) => {
      if ('sessionId' in target) {
        if (!(await this.sessions.findById(tx, target.sessionId))) throw sessionError('session.not_found');
        return this.sessions.end(tx, { ids: [target.sessionId] }, 'revoked', ending);
      }
      await this.users.lock(tx, target.userId);
      await this.users.setAuthNotBefore(tx, target.userId);
      return this.sessions.end(tx, target, 'revoked', ending);
    });
    return { endedSessions: ended.length };
  }

  /**
   * Ends sessions as `revoke` does, but in steps: after a failure, the next call ends the rest. It first waits for
   * sign-ins in flight. Later sign-ins see the new state of the bot or the codes.
   */
  async revokeLeaked(secret: LeakedSecret): Promise<{ endedSessions: number }> {
    if ('bot' in secret) {
      const bot = await this.database.transaction((tx) => this.bots.lock(tx, secret.bot));
      const ofBot = { rowId: bot.id, applicationId: bot.applicationId };
      return { endedSessions: await this.endings.endOfBot(ofBot, secret.since) };
    }
    const { id } = await this.applications.getById(secret.vendorOf);
    // These codes belong to links that were followed, and are not exchanged yet.
    await this.database.transaction((tx) => this.codes.cancel(tx, id));
    return { endedSessions: await this.endings.endOfVendor(id, secret.since) };
  }
}
