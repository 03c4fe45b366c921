import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assurances, isAtLeast, UsersService } from '@countersign/users';
import { isAssurance, type EndReason, type Principal, type Session } from '../session';
import { SessionsService } from '../sessions.service';
import type { SessionScope } from '../store/session-endings.repository';

/** What a session ends of its account. One that is restricted to its application ends nothing that is stronger. */
@Injectable()
export class OwnEndings {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Ends the person's sessions, and outdates their proofs: where a weaker proof opened the session than the platform's by the
   * application's own bot, only weak ones. The caller holds the lock of the user.
   * @returns the sessions that it ended. Call `forget` with them after the commit.
   */
  async endAll(
    tx: EntityManager,
    caller: Principal,
    scope: Pick<SessionScope, 'exceptId'> & { readonly applicationId: string | null },
    reason: EndReason,
  ): Promise<readonly string[]> {
    const { applicationId } = scope;
    const { userId } = caller;
    const limits = limitsOf(caller, applicationId);
    if (applicationId === null) await this.users.setAuthNotBefore(tx, userId);
    else {
      const isWeak = limits.assurances !== null || limits.ofAllowedBots;
      await this.users.setNotBeforeIn(tx, { userId, applicationId }, isWeak ? 'weak' : 'all');
    }
    return this.sessions.end(tx, { userId, ...scope, ...limits }, reason);
  }

  /** Whether the session may end another one of its account. */
  mayEnd(caller: Principal, applicationId: string | null, session: Session): boolean {
    if (session.id === caller.sessionId) return true;
    const { assurances: ending, ofAllowedBots } = limitsOf(caller, applicationId);
    const { assurance, isOfAllowedBot } = session;
    if (ending && !(isAssurance(assurance) && ending.includes(assurance))) return false;
    return !ofAllowedBots || isOfAllowedBot;
  }
}

/** A session that acts for the whole account is at its level, and ends all. */
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
