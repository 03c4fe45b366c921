import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '@countersign/account';
import { Database, insertIfNew } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { UsersService, type LockedUser } from '@countersign/users';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { isOperator, type OperatorActor, type TeamActor, TeamRecords, type LeftReason } from './team-records';
import { TeamAccess, type ActorInTeam, type TeamCaller } from './access/team-access';
import { teamOperations } from './access/team-operations';
import { isAbove, type GivenRole, teamPermissions, type TeamPermission } from './team-roles';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { teamError } from './teams.errors';
import { TeamsRepository, type LockedTeam } from './store/teams.repository';
import { teamEvents, teamSettings } from './teams.feature';

/** The limit includes the owner. */
const MAX_MEMBERS = 1_000;
export const MAX_TEAMS_OF_PERSON = 100;

interface JoiningMember {
  readonly team: LockedTeam;
  readonly user: LockedUser;
  readonly role: GivenRole;
  readonly invitedBy: string | null;
}

@Injectable()
export class TeamMembers {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly records: TeamRecords,
    private readonly clock: Clock,
  ) {}

  /** The person is not a member yet. Their lock prevents that they join another team meanwhile. */
  async join(tx: EntityManager, { team, user, role, invitedBy }: JoiningMember): Promise<void> {
    const { id: teamId, applicationId } = team;
    const { userId, auditPseudonym } = user;
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    if (!teamSettings.of(settings).accept) throw teamError('team.not_accepted');
    if (team.memberCount >= MAX_MEMBERS) throw teamError('team.full');
    if ((await tx.countBy(TeamMemberEntity, { userId, applicationId })) >= MAX_TEAMS_OF_PERSON)
      throw teamError('team.too_many_teams');
    const member = { teamId, userId, role, invitedBy, applicationId, joinedAt: this.clock.now() };
    if (!(await insertIfNew(tx, TeamMemberEntity, member, 'user_id'))) throw teamError('team.already_member');
    await tx.increment(TeamEntity, { id: teamId }, 'memberCount', 1);
    const actor = { by: 'person', userId, auditPseudonym } as const;
    await this.records.record(tx, team, actor, teamEvents.memberJoined, { userId, role, how: 'invitation' });
  }
}

@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly access: TeamAccess,
    private readonly teams: TeamsRepository,
    private readonly records: TeamRecords,
  ) {}

  /** Gives a member another role. A person can only lower their own role, and needs a step-up to make an admin. */
  async setRole(caller: Principal, teamId: string, userId: string, role: GivenRole): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [me] = await this.access.lockBoth(tx, caller.userId, userId);
      const locked = await this.lock(tx, caller, teamId, userId, teamPermissions.membersSetRole);
      if (locked.member.role === role) return;
      this.access.assertBelow(locked.role, role);
      if (role === 'admin') await this.decisions.assertSteppedUp(tx, me, caller, teamOperations.makeAdmin);
      await tx.update(TeamMemberEntity, { teamId, userId }, { role });
      const change = { userId, role, before: locked.member.role };
      await this.records.record(tx, locked.team, locked.actor, teamEvents.memberRoleChanged, change);
      if (isAbove(locked.member.role, role))
        await this.records.onRightsLost(tx, { team: locked.team, userId, role });
    });
  }

  async remove(by: TeamCaller | OperatorActor, teamId: string, userId: string): Promise<void> {
    if (isOperator(by)) await this.users.assertNotMerged(userId);
    await this.database.transaction(async (tx) => {
      if (isOperator(by)) await this.users.lockIfThere(tx, userId);
      const { team, actor, member } = await this.lock(tx, by, teamId, userId, teamPermissions.membersRemove);
      if (member.role === 'owner') throw teamError('team.owner_cannot_leave');
      const reason = !isOperator(by) && by.userId === userId ? 'left' : 'removed';
      await this.end(tx, team, userId, { actor, reason });
    });
  }

  /** Ends a membership. The database refuses this for the owner. */
  async end(
    tx: EntityManager,
    team: LockedTeam,
    userId: string,
    { actor, reason }: { readonly actor: TeamActor; readonly reason: LeftReason },
  ): Promise<void> {
    await tx.delete(TeamMemberEntity, { teamId: team.id, userId });
    await tx.increment(TeamEntity, { id: team.id }, 'memberCount', -1);
    await this.records.record(tx, team, actor, teamEvents.memberLeft, { userId, reason });
    await this.records.onRightsLost(tx, { team, userId, role: null });
  }

  /** Locks the team, and checks the caller and the member's role by their rows. */
  private async lock(
    tx: EntityManager,
    by: TeamCaller | OperatorActor,
    teamId: string,
    userId: string,
    permission: TeamPermission,
  ): Promise<ActorInTeam & { readonly member: TeamMemberEntity }> {
    const isSelf = !isOperator(by) && by.userId === userId;
    const locked = await this.access.lockFor(
      tx,
      by,
      teamId,
      isSelf ? teamPermissions.membersLeave : permission,
    );
    const member = await this.teams.findMember(tx, teamId, userId);
    if (!member) throw teamError('team.member_not_found');
    if (!isSelf && !isOperator(by)) this.access.assertBelow(locked.role, member.role);
    return { ...locked, member };
  }
}
