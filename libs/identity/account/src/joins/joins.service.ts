import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { IsNull, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService, StartLinks } from '@countersign/applications';
import { AuditService, type AuditRecord } from '@countersign/audit';
import {
  HooksIntoSignIn,
  oneByOne,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock, plusSeconds, secondsUntil } from '@countersign/runtime';
import { Database, lockRow, type Locked } from '@countersign/database';
import { assertAllowed, RateLimits } from '@countersign/http';
import { SessionsService, type Principal } from '@countersign/sessions';
import { UsersService, type Assurance, type LockedUser } from '@countersign/users';
import { accountOperations, AccountActs, type Asking, bySession } from '../rules/account-acts.service';
import { accountError } from '../account.errors';
import { AddsToMe } from '../dto/me.response';
import { Grants } from '../step-up/grants';
import {
  codeInStartParam,
  CODE_SECONDS,
  digestOfCode,
  isCode,
  mintCode,
  startParameterOf,
} from '../step-up/one-time-code';
import {
  SignInJoinResponse,
  type AskedJoinResponse,
  type JoinRequestResponse,
  type JoinStateResponse,
} from './join.dto';
import { JoinEntity, type JoinOutcome } from './join.entity';
import { accountEvents } from '../account.feature';

/** A join whose asking session is open, with the account of that session. */
export type AskedJoin = JoinEntity & { readonly askingUserId: string; readonly applicationId: string };

const MAX_ATTEMPTS = 3;

const LIMIT = { name: 'joins', limit: 10, window: 3_600 };

@Injectable()
@HooksIntoSignIn({
  property: 'join',
  type: SignInJoinResponse,
  description:
    'Only at the first use of a proof whose start parameter is `j_` and the code of an open request to join: the grant ' +
    'to accept it.',
  codes: [],
})
export class JoinsService implements SignInHook {
  private readonly known;

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly applications: ApplicationsService,
    private readonly acts: AccountActs,
    private readonly grants: Grants,
    private readonly links: StartLinks,
    private readonly limits: RateLimits,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    discovery: DiscoveryService,
  ) {
    this.known = AddsToMe.in(discovery);
  }

  /** Requires a step-up. The person of the other account opens a link with the code, and types the number. */
  async ask(caller: Principal): Promise<JoinRequestResponse> {
    return this.store(caller, async (tx, user) => {
      const asking = await this.acts.lock(tx, user, caller, accountOperations.join);
      return { asking, assurance: this.acts.assertAllowed(asking, { act: 'join' }) };
    });
  }

  /**
   * Stores a request. Features also call it, if their accounts accept a request in another way.
   * @param check returns the assurance with which the session asks
   */
  async store(
    caller: Principal,
    check: (
      tx: EntityManager,
      user: LockedUser,
    ) => Promise<{ readonly asking: Asking; readonly assurance: Assurance }>,
  ): Promise<JoinRequestResponse> {
    const code = mintCode();
    const number = randomInt(10, 100);
    const links = await this.links.ofApps(caller.applicationId, startParameterOf('join', code));
    const joinId = uuidv7();
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      const { asking, assurance } = await check(tx, user);
      // A refused request does not count.
      assertAllowed(await this.limits.consume(LIMIT, [caller.identityId]));
      await tx.insert(JoinEntity, {
        id: joinId,
        askingSessionId: caller.sessionId,
        codeDigest: digestOfCode(code),
        number,
        assurance,
        bots: [...asking.bots],
        askedAt: now,
        expiresAt: plusSeconds(now, CODE_SECONDS),
      });
      const act = { ...bySession(caller), subject: joinId, details: asking.trail };
      await this.audit.record(tx, accountEvents.userJoinRequested, act);
    });
    return { joinId, code, number, expiresIn: CODE_SECONDS, links: [...links] };
  }

  async read({ sessionId }: Principal, joinId: string): Promise<JoinStateResponse> {
    const join = await this.database.read((manager) =>
      manager.findOneBy(JoinEntity, { id: joinId, askingSessionId: sessionId }),
    );
    if (!join) throw accountError('account.join_not_found');
    const now = this.clock.now();
    const state = join.outcome ?? (join.expiresAt > now ? 'open' : 'expired');
    const expiresIn = state === 'open' ? secondsUntil(join.expiresAt, now) : 0;
    return { joinId, state, expiresIn };
  }

  /** A request that has ended stays as it is. */
  async withdraw(caller: Principal, joinId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await tx.existsBy(JoinEntity, { id: joinId, askingSessionId: caller.sessionId })))
        throw accountError('account.join_not_found');
      if (!(await this.end(tx, joinId, 'withdrawn'))) return;
      const act = { ...bySession(caller), subject: joinId, details: { outcome: 'withdrawn' } };
      await this.audit.record(tx, accountEvents.userJoinEnded, act);
    });
  }

  /** Describes the asking side to the other side. */
  async describe(code: string): Promise<AskedJoinResponse> {
    return this.describeAsked(await this.openOf(code));
  }

  async openOf(code: string, manager?: EntityManager): Promise<AskedJoin> {
    const asked = await this.database.read((reading) => this.findOpen(reading, code), manager);
    if (!asked) throw accountError('account.join_not_found');
    return asked;
  }

  private async findOpen(manager: EntityManager, code: string): Promise<AskedJoin | null> {
    return isCode(code)
      ? this.askedBy(manager, await manager.findOneBy(JoinEntity, this.openWith(code)))
      : null;
  }

  private openWith(code: string): FindOptionsWhere<JoinEntity> {
    return { codeDigest: digestOfCode(code), endedAt: IsNull(), expiresAt: MoreThan(this.clock.now()) };
  }

  private async askedBy<J extends JoinEntity>(manager: EntityManager, join: J | null) {
    const asking = join && (await this.sessions.findById(manager, join.askingSessionId));
    if (!asking || asking.endedAt) return null;
    return { ...join, askingUserId: asking.userId, applicationId: asking.applicationId };
  }

  /** Finds the request as `openOf` does, and locks it until the transaction ends. */
  async lockOpen(tx: EntityManager, code: string): Promise<Locked<AskedJoin>> {
    const join = await lockRow(tx, JoinEntity, this.openWith(code), 'pessimistic_write');
    const asked = await this.askedBy(tx, join);
    if (!asked) throw accountError('account.join_not_found');
    return asked;
  }

  /** @returns whether it was open. A request that has ended stays as it is. */
  async end(tx: EntityManager, id: string, outcome: JoinOutcome): Promise<boolean> {
    const columns = { outcome, endedAt: this.clock.now() };
    return (await tx.update(JoinEntity, { id, endedAt: IsNull() }, columns)).affected === 1;
  }

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

  /** Three wrong numbers end the request. */
  async assertNumber(code: string, number: number, by: Pick<AuditRecord, 'actor'>): Promise<void> {
    const isRight = await this.database.transaction(async (tx) =>
      this.isRight(tx, await this.lockOpen(tx, code), number, by),
    );
    // Thrown after the commit, so that the attempt counts.
    if (!isRight) throw accountError('account.join_number_wrong');
  }

  /** Counts a wrong number. The result is no error, because the count has to be committed. */
  async isRight(
    tx: EntityManager,
    { id, applicationId, ...asked }: Locked<AskedJoin>,
    number: number,
    by: Pick<AuditRecord, 'actor'>,
  ): Promise<boolean> {
    if (asked.number === number) return true;
    await tx.increment(JoinEntity, { id }, 'failedAttempts', 1);
    if (asked.failedAttempts + 1 < MAX_ATTEMPTS || !(await this.end(tx, id, 'failed'))) return false;
    const act = { applicationId, ...by, subject: id, details: { outcome: 'failed' } };
    await this.audit.record(tx, accountEvents.userJoinEnded, act);
    return false;
  }

  /** Ends the open request of the account. */
  async endAccepted(tx: EntityManager, code: string, askingUserId: string): Promise<AskedJoin> {
    const asked = await this.lockOpen(tx, code);
    if (asked.askingUserId !== askingUserId) throw accountError('account.join_not_found');
    await this.end(tx, asked.id, 'accepted');
    return asked;
  }

  /** Lets a sign-in answer a request. A launch alone accepts nothing, so the acceptance needs a call of its own. */
  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('join', proof.startParam) !== null;
  }

  apply(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, object>> {
    return oneByOne(signIns, (each) => this.applyOne(tx, each));
  }

  private async applyOne(
    tx: EntityManager,
    { signIn, user, sessionId }: NewSignIn,
  ): Promise<SignInJoinResponse | null> {
    const code = codeInStartParam('join', signIn.proof.startParam);
    if (code === null || sessionId === null) return null;
    const asked = await this.findOpen(tx, code);
    if (!asked || asked.askingUserId === user.userId) return null;
    const granted = { act: accountOperations.acceptJoin, requestDigest: digestOfCode(code) };
    return { code, ...(await this.grants.issue(tx, sessionId, granted)) };
  }
}
