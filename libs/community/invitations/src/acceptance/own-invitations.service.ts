import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { roleActs, TeamAccess, teamError, TeamMembers, type JoinOutcome } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { refusalOf } from '../invitation';
import { InvitationRecords } from '../invitation-records';
import { invitationError } from '../invitations.errors';
import { InvitationEntity, InvitationUseEntity } from '../store/invitation.entity';
import { InvitationsRepository, type InvitationFacts } from '../store/invitations.repository';

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
    private readonly clock: Clock,
  ) {}

  /** Without joining. @throws AppError invitation.* */
  async preview(caller: Principal, token: string): Promise<InvitationFacts> {
    const found = await this.database.read((manager) => this.byToken(manager, caller, token));
    this.assertAcceptable(found);
    return found;
  }

  /** @throws AppError invitation.*, team.*, auth.assurance_too_low */
  async accept(caller: Principal, token: string): Promise<InvitationFacts> {
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      return this.acceptIn(tx, caller, await this.byToken(tx, caller, token), token);
    });
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
    if (!invitation) throw invitationError('invitation.not_found');
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

  /** @throws AppError invitation.not_found */
  private async byToken(
    manager: EntityManager,
    { userId, applicationId }: Principal,
    token: string,
  ): Promise<InvitationFacts> {
    const found = await this.invitations.findByToken(manager, tokenDigest(token), userId);
    if (found?.applicationId !== applicationId) throw invitationError('invitation.not_found');
    return found;
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
