import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import {
  assertNotOutdated,
  FirstProofs,
  neededFields,
  PresentedProofs,
  ProofConsumption,
  trailOf,
  type Door,
  authEvents,
} from '@countersign/auth';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { AccountAccess, SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountEvents,
  IdentitiesService,
  identityError,
  UsersService,
  type AccountLevel,
  type OwnIdentity,
  type LockedUser,
} from '@countersign/users';
import { accountOperations, AccountActs, botsOf, presented, bySession } from '../rules/account-acts.service';
import type { IdentityResponse } from '../dto/me.response';
import { toIdentityResponse, visibleIdentities } from '../me.mapper';
import { RecentMerges } from '../separation/recent-merges';
import { Separation } from '../separation/separation';
import { accountEvents } from '../account.feature';

@Injectable()
export class OwnIdentitiesService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly firstProofs: FirstProofs,
    private readonly acts: AccountActs,
    private readonly recent: RecentMerges,
    private readonly separation: Separation,
    private readonly access: AccountAccess,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  /** Oldest first. */
  async list(caller: Principal, page: PageQuery): Promise<Page<IdentityResponse>> {
    const { limit, afterId } = toKeyset(page);
    const [user, isAtLevel] = await Promise.all([
      this.users.getById(caller.userId),
      this.access.isAccountWide(caller),
    ]);
    const visible = visibleIdentities(user, caller, isAtLevel);
    const rest = visible.filter(({ id }) => afterId === null || id > afterId).slice(0, limit + 1);
    return toPage(rest.map(toIdentityResponse), limit, ({ identityId }) => identityId);
  }

  /** Checks that the session may link, before a one-use proof is consumed. The grant stays valid. */
  async assertMayLink(caller: Principal): Promise<void> {
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      const act = accountOperations.link;
      const asking = await this.acts.lock(tx, user, caller, act, { act });
      // Requires what a link requires, except the proof.
      this.acts.assertAllowed(asking, { act: 'unlink', isFounding: false });
    });
  }

  /** Linking an identity again may raise its cap. */
  async link(
    caller: Principal,
    door: Door,
    body: unknown,
  ): Promise<{ readonly identity: IdentityResponse; readonly isNew: boolean }> {
    const verified = await this.proofs.openDoor(door, body, caller, 'link');
    const consumeProof = await this.consumption.prepare(verified);
    const { proof, application, consume } = verified;
    const { provider, environment } = proof;
    const { userId, applicationId } = caller;
    return this.database.transaction(async (tx) => {
      await consume?.(tx);
      const user = await this.users.lock(tx, userId);
      const known = await this.users.findByClaim(proof, tx);
      assertNotOutdated(proof.madeAt, known?.authNotBefore ?? null);
      const asking = await this.acts.lock(tx, user, caller, accountOperations.link);
      const shown = presented(proof, known?.cap ?? null);
      const cap = this.acts.assertAllowed(asking, { act: 'link', proof: shown });
      const attachment = { by: 'link', cap, bots: botsOf(asking, proof) } as const;
      const needed = neededFields(application);
      const linked = await this.identities.link(tx, user, proof, needed, attachment);
      const { identityId, isNew } = linked;
      await consumeProof(tx, caller.sessionId);
      if (known) await this.firstProofs.apply(tx, user, known, proof);
      if (isNew || linked.cap !== known?.cap)
        await this.audit.record(tx, accountEvents.identityLinked, {
          ...bySession(caller),
          subject: identityId,
          details: { ...trailOf(proof), ...asking.trail, cap: linked.cap },
          ...(isNew
            ? { event: { userId, identityId, provider, environment }, applicationIds: this.events.of(userId) }
            : {}),
        });
      if (isNew) await this.identities.announce(tx, { identityId, provider, applicationId });
      const { identities } = await this.users.getById(userId, tx);
      const identity = identities.find(({ id }) => id === identityId);
      if (!identity) throw new Error('an identity that was just linked is gone');
      return { identity: toIdentityResponse(identity), isNew };
    });
  }

  /**
   * Removes an identity from the account, and ends the sessions that it opened. If it came by a merge that can be
   * separated, the merge is separated, and its person gets everything back.
   */
  async unlink(caller: Principal, identityId: string): Promise<void> {
    const { userId } = caller;
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, userId);
      const asking = await this.acts.lock(tx, user, caller, accountOperations.unlink);
      const own = await this.identities.listOf(tx, userId);
      const leaving = own.find(({ id }) => id === identityId);
      this.acts.assertAllowed(asking, { act: 'unlink', isFounding: leaving?.isFounding === true });
      if (!leaving) throw identityError('identity.not_found');
      await this.assertNotNewer(tx, userId, identityId, [caller.identityId]);
      const merge = await this.recent.findMergeOf(tx, identityId);
      const isMerged = merge?.userId === userId;
      // Read before the account returns, because the event goes to the applications of both accounts.
      const applicationIds = await this.events.of(userId)(tx);
      const ids = isMerged
        ? (await this.separation.separate(tx, user, merge.id, bySession(caller))).ended
        : await this.remove(tx, user, caller, leaving, asking.level);
      await this.audit.record(tx, authEvents.identityUnlinked, {
        ...bySession(caller),
        subject: identityId,
        details: { ...asking.trail, endedSessions: String(ids.length) },
        event: { userId, identityId, provider: leaving.provider, environment: leaving.environment },
        applicationIds,
      });
    });
  }

  private async remove(
    tx: EntityManager,
    user: LockedUser,
    caller: Principal,
    leaving: OwnIdentity,
    level: AccountLevel,
  ): Promise<readonly string[]> {
    const { userId } = user;
    const staying = await this.identities.assertRemovable(tx, user, leaving.id, level);
    await this.assertNotNewer(tx, userId, leaving.id, staying);
    const ids = await this.sessions.end(tx, { userId, identityId: leaving.id }, 'unlinked');
    await this.identities.remove(tx, user, leaving, bySession(caller).actor);
    return ids;
  }

  /**
   * One of these identities must have come before the leaving one, or long ago. Otherwise a thief whose identity was
   * attached could shut the person out, or could get the account when the person's identity leaves.
   */
  private async assertNotNewer(
    tx: EntityManager,
    userId: string,
    leavingId: string,
    identityIds: readonly string[],
  ): Promise<void> {
    const { attachedAt } =
      (await this.identities.arrivalsOf(tx, userId)).find(({ id }) => id === leavingId) ?? {};
    for (const identityId of identityIds) {
      const came = await this.recent.arrivalOf(tx, { userId, identityId });
      if (!came || (attachedAt && attachedAt >= came.at)) return;
    }
    throw identityError('identity.came_recently');
  }
}
