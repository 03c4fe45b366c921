import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { isOperator, type OperatorAct, type TeamActor } from '../access/team-actor';
import { TeamAccess, type LockedTeam, type TeamCaller } from '../access/team-access';
import { roleActs } from '../access/team-acts';
import { TeamRecords, type LeftReason } from '../team-records';
import { isAbove, type GivenRole, type TeamActName } from '../team-roles';
import { type TeamEntity, TeamMemberEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';
import { TeamsRepository } from '../store/teams.repository';
import { TeamListeners } from '../on-team-change';

/** Changes roles of members, and ends memberships. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly access: TeamAccess,
    private readonly teams: TeamsRepository,
    private readonly listeners: TeamListeners,
    private readonly records: TeamRecords,
  ) {}

  /**
   * Gives a member another role. For oneself only a lower one. To make an admin, after step-up.
   * @throws AppError account.step_up_required, team.member_not_found, team.owner_cannot_leave, and as `TeamAccess.assertAct`
   */
  async setRole(caller: Principal, teamId: string, userId: string, role: GivenRole): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.access.lockBoth(tx, caller.userId, userId);
      const locked = await this.lock(tx, caller, teamId, userId, 'members.set_role');
      if (locked.member.role === role) return;
      this.access.assertBelow(locked.role, role);
      if (role === 'admin') await this.decisions.assertSteppedUp(tx, caller, roleActs['members.make_admin']);
      await this.teams.setRole(tx, teamId, userId, role);
      const change = { userId, role, before: locked.member.role };
      await this.records.record(tx, locked.team, locked.actor, 'team_member.role_changed', change);
      if (isAbove(locked.member.role, role)) await this.listeners.onRightsLost(tx, { teamId, userId, role });
    });
  }

  /**
   * Removes a member; the caller leaves where it is themselves.
   * @throws AppError team.member_not_found, team.owner_cannot_leave, and as `TeamAccess.lockFor`
   */
  async remove(by: TeamCaller | OperatorAct, teamId: string, wantedId: string): Promise<void> {
    const userId = isOperator(by) ? await this.users.resolveId(wantedId) : wantedId;
    await this.database.transaction(async (tx) => {
      if (isOperator(by)) await this.users.lockIfThere(tx, userId);
      const { team, actor, member } = await this.lock(tx, by, teamId, userId, 'members.remove');
      if (member.role === 'owner') throw teamError('team.owner_cannot_leave');
      const reason = !isOperator(by) && by.userId === userId ? 'left' : 'removed';
      await this.end(tx, team, userId, { actor, reason });
    });
  }

  /** Ends a membership. The caller has locked the team, and the member is not its owner. */
  async end(
    tx: EntityManager,
    team: TeamEntity,
    userId: string,
    { actor, reason }: { readonly actor: TeamActor; readonly reason: LeftReason },
  ): Promise<void> {
    await tx.delete(TeamMemberEntity, { teamId: team.id, userId });
    await this.teams.addToCount(tx, team.id, -1);
    await this.records.record(tx, team, actor, 'team_member.left', { userId, reason });
    await this.listeners.onRightsLost(tx, { teamId: team.id, userId, role: null });
  }

  /** Locks the team, and checks the caller and the rank of the member by their rows. */
  private async lock(
    tx: EntityManager,
    by: TeamCaller | OperatorAct,
    teamId: string,
    userId: string,
    act: TeamActName,
  ): Promise<LockedTeam & { readonly member: TeamMemberEntity }> {
    const isSelf = !isOperator(by) && by.userId === userId;
    const locked = await this.access.lockFor(tx, by, teamId, isSelf ? 'members.leave' : act);
    const member = await this.teams.findMember(tx, teamId, userId);
    if (!member) throw teamError('team.member_not_found');
    if (!isSelf && !isOperator(by)) this.access.assertBelow(locked.role, member.role);
    return { ...locked, member };
  }
}
