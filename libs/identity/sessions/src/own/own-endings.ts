import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, plusSeconds } from '@countersign/clock';
import { assurances, isAtLeast, ProofCutoffs, UsersService } from '@countersign/users';
import { AccountSides } from '../access/account-sides';
import { isAssurance, type EndReason, type Principal, type Session } from '../session';
import { SessionsService } from '../sessions.service';
import type { EndingLimits } from '../store/session-endings.repository';

/** How long after its sign-in a session of the other side of an account cannot be ended. */
const SPARED_SECONDS = 300;

/** Of all applications when null; but one session, or none when it is null. */
interface Scope {
  readonly applicationId: string | null;
  readonly exceptId: string | null;
}

/**
 * What a session ends of its account. While identities of the account can still be separated, they and the others may be
 * those of two people: then it outdates no proof of the other side, and leaves alone what that side opened just now, so
 * that each side can sign in and separate. A session that is restricted to its application ends nothing that is stronger.
 */
@Injectable()
export class OwnEndings {
  constructor(
    private readonly users: UsersService,
    private readonly cutoffs: ProofCutoffs,
    private readonly sessions: SessionsService,
    private readonly sides: AccountSides,
    private readonly clock: Clock,
  ) {}

  /**
   * Outdates the person's proofs, and ends their sessions. The caller holds the lock of the user.
   * @returns the sessions that it ended. Call `forget` with them after the commit.
   */
  async endAll(
    tx: EntityManager,
    caller: Principal,
    scope: Scope,
    reason: EndReason,
  ): Promise<readonly string[]> {
    const { applicationId } = scope;
    const { userId } = caller;
    const limits = await this.limitsOf(tx, caller, applicationId);
    const identityIds = limits.spared?.exceptIdentityIds ?? null;
    const { assurance, ofAllowedBots } = strengthOf(caller, applicationId);
    const isUnlimited = identityIds === null && assurance === 'platform' && !ofAllowedBots;
    if (!isUnlimited)
      await this.cutoffs.outdate(tx, { userId, identityIds, applicationId, assurance, ofAllowedBots });
    else if (applicationId === null) await this.users.setAuthNotBefore(tx, userId, this.clock.now());
    else await this.users.setNotBeforeIn(tx, { userId, applicationId });
    return this.sessions.endOfUser(tx, { userId, ...scope, limits }, reason);
  }

  /** Whether the session may end another one of its account. */
  async mayEnd(
    manager: EntityManager,
    caller: Principal,
    applicationId: string | null,
    session: Session,
  ): Promise<boolean> {
    if (session.id === caller.sessionId) return true;
    const { assurances: ending, ofAllowedBots, spared } = await this.limitsOf(manager, caller, applicationId);
    const { assurance, isOfAllowedBot, identityId, createdAt } = session;
    if (ending && !(isAssurance(assurance) && ending.includes(assurance))) return false;
    if (ofAllowedBots && !isOfAllowedBot) return false;
    const isOwnSide = identityId === null || !spared || spared.exceptIdentityIds.includes(identityId);
    return isOwnSide || createdAt <= spared.openedAfter;
  }

  private async limitsOf(
    manager: EntityManager,
    caller: Principal,
    applicationId: string | null,
  ): Promise<EndingLimits> {
    const side = await this.sides.sideOf(manager, caller);
    const { assurance, ofAllowedBots } = strengthOf(caller, applicationId);
    const openedAfter = plusSeconds(this.clock.now(), -SPARED_SECONDS);
    return {
      assurances: assurance === 'platform' ? null : assurances.filter((each) => isAtLeast(assurance, each)),
      ofAllowedBots,
      spared: side && { exceptIdentityIds: side, openedAfter },
    };
  }
}

/** A session that acts for the whole account is at its level, and ends all. */
function strengthOf(
  { assurance, isOfAllowedBot }: Principal,
  applicationId: string | null,
): { readonly assurance: Principal['assurance']; readonly ofAllowedBots: boolean } {
  return applicationId === null
    ? { assurance: 'platform', ofAllowedBots: false }
    : { assurance, ofAllowedBots: isOfAllowedBot };
}
