import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService, StartLinks } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits } from '@countersign/limits';
import type { Principal } from '@countersign/sessions';
import { UsersService, type Assurance } from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { accountError } from '../account.errors';
import { AddsToMe } from '../adds-to-me';
import { AccountActs, type Asking } from '../rules/account-acts.service';
import { CODE_SECONDS, digestOfCode, isCode, mintCode, startParameterOf } from '../step-up/one-time-code';
import type { AskedJoinResponse, JoinRequestResponse, JoinStateResponse } from './join.dto';
import { stateOf } from './join.entity';
import { JoinsRepository, type AskedJoin } from './joins.repository';

const LIMIT = { name: 'joins', limit: 10, window: 3_600 };

/** Requests of one account to another one to become one, on the side that asks. */
@Injectable()
export class JoinsService {
  private readonly known;

  constructor(
    private readonly database: Database,
    private readonly joins: JoinsRepository,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly acts: AccountActs,
    private readonly links: StartLinks,
    private readonly limits: RateLimits,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    discovery: DiscoveryService,
  ) {
    this.known = AddsToMe.in(discovery);
  }

  /**
   * After step-up. The person of the other account opens a link with the code, and types the number.
   * @throws AppError account.step_up_required, account.grant_invalid, auth.assurance_too_low, request.rate_limited
   */
  async ask(caller: Principal): Promise<JoinRequestResponse> {
    return this.store(caller, async (tx) => {
      const asking = await this.acts.lock(tx, caller, accountActs['account.join']);
      return { asking, assurance: this.acts.assertAllowed(asking, { act: 'join' }) };
    });
  }

  /**
   * Also for features, whose accounts answer in their way.
   * @param check under the lock of the account: with which assurance it asks
   * @throws AppError request.rate_limited, and what `check` throws
   */
  async store(
    caller: Principal,
    check: (tx: EntityManager) => Promise<{ readonly asking: Asking; readonly assurance: Assurance }>,
  ): Promise<JoinRequestResponse> {
    const code = mintCode();
    const number = randomInt(10, 100);
    const links = await this.links.ofApps(caller.applicationId, startParameterOf('join', code));
    const joinId = uuidv7();
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const { asking, assurance } = await check(tx);
      // Only requests that are allowed count: others use up nothing.
      assertAllowed(await this.limits.consume(LIMIT, [caller.identityId]));
      await this.joins.insert(tx, {
        id: joinId,
        askingSessionId: caller.sessionId,
        codeDigest: digestOfCode(code),
        number,
        assurance,
        bots: [...asking.bots],
        failedAttempts: 0,
        askedAt: now,
        expiresAt: plusSeconds(now, CODE_SECONDS),
        endedAt: null,
        outcome: null,
      });
      await this.record(tx, 'user.join_requested', caller, joinId, asking.trail);
    });
    return { joinId, code, number, expiresIn: CODE_SECONDS, links: [...links] };
  }

  /** @throws AppError account.join_not_found */
  async read({ sessionId }: Principal, joinId: string): Promise<JoinStateResponse> {
    const join = await this.database.read((manager) => this.joins.find(manager, joinId, sessionId));
    if (!join) throw accountError('account.join_not_found');
    const now = this.clock.now();
    const state = stateOf(join, now);
    const expiresIn = state === 'open' ? secondsUntil(join.expiresAt, now) : 0;
    return { joinId, state, expiresIn };
  }

  /** One that has ended stays as it is. @throws AppError account.join_not_found */
  async withdraw(caller: Principal, joinId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const join = await this.joins.find(tx, joinId, caller.sessionId);
      if (!join) throw accountError('account.join_not_found');
      if (!(await this.joins.end(tx, joinId, 'withdrawn', this.clock.now()))) return;
      await this.record(tx, 'user.join_ended', caller, joinId, { outcome: 'withdrawn' });
    });
  }

  /** Who asks, for the other side. @throws AppError account.join_not_found */
  async describe(code: string): Promise<AskedJoinResponse> {
    return this.describeAsked(await this.openOf(code));
  }

  /** @throws AppError account.join_not_found */
  async openOf(code: string): Promise<AskedJoin> {
    const asked = isCode(code)
      ? await this.database.read((manager) =>
          this.joins.findOpen(manager, digestOfCode(code), this.clock.now()),
        )
      : null;
    if (!asked) throw accountError('account.join_not_found');
    return asked;
  }

  /** Who asks by an open request. */
  async describeAsked(asked: AskedJoin): Promise<AskedJoinResponse> {
    const { name } = await this.applications.getById(asked.applicationId);
    const names = await Promise.all(this.known.all.map((each) => each.publicNameOf(asked.askingUserId)));
    return {
      applicationName: name,
      displayName: names.find((found) => found !== null) ?? null,
      askedAt: asked.askedAt.toISOString(),
      expiresIn: secondsUntil(asked.expiresAt, this.clock.now()),
    };
  }

  /** Three wrong numbers end the request. @throws AppError account.join_not_found, account.join_number_wrong */
  async assertNumber(code: string, number: number): Promise<void> {
    // Thrown after the commit: the attempt counts.
    if (!(await this.database.transaction((tx) => this.isNumber(tx, code, number))))
      throw accountError('account.join_number_wrong');
  }

  private async isNumber(tx: EntityManager, code: string, number: number): Promise<boolean> {
    const now = this.clock.now();
    const asked = await this.joins.lockOpen(tx, digestOfCode(code), now);
    if (!asked) throw accountError('account.join_not_found');
    if (asked.number === number) return true;
    await this.countWrongNumber(tx, asked, { actor: 'system', applicationId: asked.applicationId });
    return false;
  }

  /** The third one ends the request. */
  async countWrongNumber(
    tx: EntityManager,
    asked: AskedJoin,
    by: { readonly actor: string; readonly applicationId: string },
  ): Promise<void> {
    if (!(await this.joins.countWrongNumber(tx, asked, this.clock.now()))) return;
    const details = { outcome: 'failed' };
    await this.audit.record(tx, 'user.join_ended', { ...by, subject: asked.id, details });
  }

  /** Ends the open request of the account. @throws AppError account.join_not_found */
  async endAccepted(tx: EntityManager, code: string, askingUserId: string): Promise<AskedJoin> {
    const now = this.clock.now();
    const asked = await this.joins.lockOpen(tx, digestOfCode(code), now);
    if (asked?.askingUserId !== askingUserId) throw accountError('account.join_not_found');
    await this.joins.end(tx, asked.id, 'accepted', now);
    return asked;
  }

  private async record(
    tx: EntityManager,
    action: 'user.join_requested' | 'user.join_ended',
    { sessionId, applicationId }: Principal,
    joinId: string,
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.audit.record(tx, action, {
      actor: `session:${sessionId}`,
      applicationId,
      subject: joinId,
      details,
    });
  }
}
