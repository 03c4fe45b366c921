import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/limits';
import type { Principal } from '@countersign/sessions';
import { roleActs, TeamAccess, teamError, TeamMembers, type JoinOutcome } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { refusalOf } from '../invitation';
import { InvitationRecords } from '../invitation-records';
import { invitationError } from '../invitations.errors';
import { InvitationEntity, InvitationUseEntity } from '../store/invitation.entity';
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
    private readonly members: TeamMembers,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly limits: RateLimits,
    private readonly clock: Clock,
  ) {}

  /** Without joining. @throws AppError invitation.*, request.rate_limited */
  async preview(caller: Principal, token: string): Promise<InvitationFacts> {
    return this.unlessGuessing(caller, async () => {
      const found = await this.database.read((manager) => this.byToken(manager, caller, token));
      if (found) this.assertAcceptable(found);
      return found;
    });
  }

  /** @throws AppError invitation.*, team.*, auth.assurance_too_low, request.rate_limited */
  async accept(caller: Principal, token: string): Promise<InvitationFacts> {
    return this.unlessGuessing(caller, () =>
      this.database.transaction(async (tx) => {
        await this.users.lock(tx, caller.userId);
        const found = await this.byToken(tx, caller, token);
        return found && this.acceptIn(tx, caller, found, token);
      }),
    );
  }

  /** Checks the invitation as it is under the locks of its team and itself. */
  private async acceptIn(
    tx: EntityManager,
    caller: Principal,
    { id, teamId }: InvitationFacts,
    token: string,
  ): Promise<InvitationFacts> {
    const { userId } = caller;
    await this.access.lockTeam(tx, teamId);
    const invitation = await this.invitations.lock(tx, id);
    const facts = await this.byToken(tx, caller, token);
    if (!invitation || !facts) throw invitationError('invitation.not_found');
    this.assertAcceptable(facts);
    await this.access.assertAssurance(caller, facts.role, roleActs['members.become_admin'], tx);
    const { role, inviterId: invitedBy } = invitation;
    const outcome = await this.members.join(tx, { teamId, userId, role, invitedBy });
    if (outcome !== 'joined') throw refusalToJoin(outcome);
    const at = this.clock.now();
    await tx.insert(InvitationUseEntity, { invitationId: id, userId, at });
    const useCount = invitation.useCount + 1;
    const endsAt = useCount < invitation.maxUses ? invitation.endsAt : at;
    await tx.update(InvitationEntity, { id }, { useCount, endsAt });
    await this.records.record(tx, 'accepted', invitation, userId);
    return facts;
  }

  private assertAcceptable(facts: InvitationFacts): void {
    const refusal = refusalOf(facts, this.clock.now());
    if (refusal) throw invitationError(refusal);
  }

  private async byToken(
    manager: EntityManager,
    { userId, applicationId }: Principal,
    token: string,
  ): Promise<InvitationFacts | null> {
    const found = await this.invitations.findByToken(manager, tokenDigest(token), userId);
    return found?.applicationId === applicationId ? found : null;
  }

  /** Counts an unknown token: the caller may be guessing. */
  private async unlessGuessing(
    { userId }: Principal,
    find: () => Promise<InvitationFacts | null>,
  ): Promise<InvitationFacts> {
    assertAllowed(await this.limits.peek(MISSES, [userId]));
    const found = await find();
    if (found) return found;
    await this.limits.consume(MISSES, [userId]);
    throw invitationError('invitation.not_found');
  }
}

function refusalToJoin(outcome: Exclude<JoinOutcome, 'joined'>): Error {
  switch (outcome) {
    case 'already-member':
      return invitationError('invitation.already_member');
    case 'not-found':
      return invitationError('invitation.not_found');
    case 'full':
      return invitationError('invitation.team_full');
    case 'not-accepted':
      return teamError('team.not_accepted');
    case 'too-many-teams':
      return teamError('team.too_many_teams');
  }
}
