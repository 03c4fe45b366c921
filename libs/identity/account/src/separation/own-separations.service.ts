import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { toResponse } from '@countersign/http';
import { AccountAccess, type Principal } from '@countersign/sessions';
import { IdentitiesService, UsersService } from '@countersign/users';
import { accountOperations, AccountActs, bySession } from '../rules/account-acts.service';
import { RecentMerges } from './recent-merges';
import { SeparableJoinResponse, type SeparationResponse } from './dto/separation.dto';
import { accountError } from '../account.errors';
import { Separation } from './separation';

/**
 * Lets a person separate an identity that came to another account by a merge or a link. Another person may have brought
 * it there. So `bot-token` is enough, without the account's level or a step-up, and the account cannot prevent it. The
 * account's other identities can separate it too, with the checks of an unlink.
 */
@Injectable()
export class OwnSeparationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly recent: RecentMerges,
    private readonly separation: Separation,
    private readonly acts: AccountActs,
    private readonly access: AccountAccess,
    private readonly clock: Clock,
  ) {}

  /** Lists the joins of the session's identity. At the account's level, also the joins of the other identities. */
  async list(caller: Principal): Promise<readonly SeparableJoinResponse[]> {
    const isAtLevel = await this.access.isAccountWide(caller);
    return this.database.read((manager) => this.listIn(manager, caller, isAtLevel));
  }

  /** Ends the sessions of the identities that leave. */
  async separate(caller: Principal, joinId: string): Promise<SeparationResponse> {
    const { account, ended, lost } = await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      const asking = await this.acts.lock(tx, user, caller, accountOperations.unlink);
      const separable = await this.listIn(tx, caller, this.acts.isAtLevel(asking));
      const found = separable.find((join) => join.joinId === joinId);
      if (!found) throw accountError('separation.not_found');
      if (found.needsStepUp) this.acts.assertAllowed(asking, { act: 'unlink', isFounding: false });
      // An old launch that opens a session again proves nothing.
      else if (!asking.isFreshSignIn && asking.asking.stepUp === null)
        throw accountError('separation.proof_too_old');
      if (found.kind === 'merge') return this.separation.separate(tx, user, joinId, bySession(caller));
      const isProven = joinId === caller.identityId && caller.assurance === 'platform';
      const leaving = { user, identityId: joinId, isProven };
      return this.separation.split(tx, leaving, bySession(caller));
    });
    return { userId: account.userId, endedSessions: ended.length, lost };
  }

  private async listIn(
    manager: EntityManager,
    { userId, identityId }: Principal,
    isAtLevel: boolean,
  ): Promise<readonly SeparableJoinResponse[]> {
    const now = this.clock.now();
    const arrivals = await this.identities.arrivalsOf(manager, userId);
    const links = arrivals.flatMap(({ id, attachedAt: joinedAt, attachedBy, separableUntil }) =>
      attachedBy === 'link' && joinedAt && separableUntil
        ? [{ joinId: id, kind: 'link' as const, userId: null, identityIds: [id], joinedAt, separableUntil }]
        : [],
    );
    const merges = (await this.recent.separableOf(manager, userId)).map((merge) => ({
      ...merge,
      joinId: merge.id,
      kind: 'merge' as const,
      userId: merge.mergedUserId,
    }));
    return [...links, ...merges]
      .map((join) => ({ ...join, needsStepUp: !join.identityIds.includes(identityId) }))
      .filter(({ needsStepUp, separableUntil }) => (isAtLevel || !needsStepUp) && separableUntil > now)
      .map((join) => toResponse(SeparableJoinResponse, join));
  }
}
