import { Injectable } from '@nestjs/common';
import { ActDecisions } from '@countersign/account';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { roleActs, TeamMembers } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { InvitationRecords } from '../invitation-records';
import { assertAcceptable } from '../store/invitation.entity';
import { InvitationsRepository, type ReceivedInvitation } from '../store/invitations.repository';

/** Previews and accepts invitations, for the people who have a link. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly members: TeamMembers,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Without joining. @throws AppError invitation.*, team.already_member */
  async preview(caller: Principal, token: string): Promise<ReceivedInvitation> {
    const invitation = await this.database.read((manager) =>
      this.invitations.getByToken(manager, caller, token),
    );
    assertAcceptable(invitation, this.clock.now());
    return invitation;
  }

  /** @throws AppError invitation.*, team.*, auth.assurance_too_low */
  async accept(caller: Principal, token: string): Promise<ReceivedInvitation> {
    const { userId } = caller;
    return this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const invitation = await this.invitations.lockByToken(tx, caller, token);
      const { teamId, role, inviterId: invitedBy } = invitation;
      assertAcceptable(invitation, this.clock.now());
      if (role === 'admin') await this.decisions.assertAtLevel(caller, roleActs['members.become_admin'], tx);
      await this.members.join(tx, { teamId, userId, role, invitedBy });
      await this.invitations.use(tx, invitation, userId, this.clock.now());
      await this.records.record(tx, 'accepted', invitation, userId);
      return invitation;
    });
  }
}
