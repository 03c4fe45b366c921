import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/limits';
import type { Principal } from '@countersign/sessions';
import { roleActs, TeamAccess, teamError } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { Acceptances, type Acceptance, type AcceptanceRefusal } from './acceptance';
import { invitationError } from '../invitations.errors';
import { InvitationsRepository, type InvitationFacts } from '../store/invitations.repository';

/** Unknown tokens, of one person. */
const MISSES: LimitRule = { name: 'invitation-misses', limit: 30, window: 600 };

/** Previews and accepts invitations, for the people who have a link. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly access: TeamAccess,
    private readonly acceptances: Acceptances,
    private readonly invitations: InvitationsRepository,
    private readonly limits: RateLimits,
  ) {}

  /** Without joining. @throws AppError invitation.*, request.rate_limited */
  async preview(caller: Principal, token: string): Promise<InvitationFacts> {
    await this.assertMayTry(caller);
    const found = await this.database.read((manager) => this.byToken(manager, caller, token));
    if (!found) throw await this.miss(caller);
    const refusal = this.acceptances.refusalOf(found);
    if (refusal) throw invitationError(refusal);
    return found;
  }

  /** @throws AppError invitation.*, team.*, auth.assurance_too_low, request.rate_limited */
  async accept(caller: Principal, token: string): Promise<InvitationFacts> {
    await this.assertMayTry(caller);
    const outcome = await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      const found = await this.byToken(tx, caller, token);
      if (!found) return null;
      if (!this.acceptances.refusalOf(found))
        await this.access.assertAssurance(caller, found.role, roleActs['members.become_admin'], tx);
      return this.acceptances.accept(tx, found, 'invitation');
    });
    this.acceptances.count(codeOf(outcome));
    if (!outcome) throw await this.miss(caller);
    if (outcome.outcome === 'refused') throw errorOf(outcome.code);
    return outcome.facts;
  }

  private async byToken(
    manager: EntityManager,
    { userId, applicationId }: Principal,
    token: string,
  ): Promise<InvitationFacts | null> {
    const [found] = await this.invitations.findByTokens(manager, [
      { userId, tokenDigest: tokenDigest(token) },
    ]);
    return found?.applicationId === applicationId ? found : null;
  }

  private async assertMayTry({ userId }: Principal): Promise<void> {
    assertAllowed(await this.limits.peek(MISSES, [userId]));
  }

  /** Counts an unknown token: the caller may be guessing. */
  private async miss({ userId }: Principal): Promise<Error> {
    await this.limits.consume(MISSES, [userId]);
    return invitationError('invitation.not_found');
  }
}

function codeOf(acceptance: Acceptance | null): string {
  if (!acceptance) return 'invitation.not_found';
  return acceptance.outcome === 'refused' ? acceptance.code : 'accepted';
}

function errorOf(code: AcceptanceRefusal): Error {
  return code === 'team.too_many_teams' || code === 'team.not_accepted'
    ? teamError(code)
    : invitationError(code);
}
