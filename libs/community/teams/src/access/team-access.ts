import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions, type ActingSession } from '@countersign/account';
import { Database } from '@countersign/database';
import { AddsClaims, type Principal, type SensitiveOperation } from '@countersign/sessions';
import { UsersService, type LockedUser } from '@countersign/users';
import { isOperator, type OperatorActor, type TeamActor } from '../team-records';
import { operationOf } from './team-operations';
import {
  isAbove,
  isForMembers,
  hasPermission,
  teamPermissions,
  type TeamPermission,
  type TeamRole,
} from '../team-roles';
import { TeamEntity, TeamMemberEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';
import { TeamsRepository, type LockedTeam } from '../store/teams.repository';

/** Groups of the OpenID provider are ids of teams, because anybody can give a team the name of another group. */
@Injectable()
@AddsClaims({ scope: 'groups', claims: ['groups'], words: 'your teams and your roles in them' })
export class TeamClaims {
  constructor(private readonly database: Database) {}

  async claimsOf({ userId, applicationId }: Principal): Promise<{ readonly groups: readonly string[] }> {
    const memberships = await this.database.read((manager) =>
      manager.find(TeamMemberEntity, { where: { userId, applicationId }, order: { teamId: 'ASC' } }),
    );
    return { groups: memberships.flatMap(({ teamId, role }) => [teamId, `${teamId}:${role}`]) };
  }
}

export type TeamCaller = ActingSession & Pick<Principal, 'identityId' | 'sessionId'>;

export interface TeamOfCaller {
  readonly team: TeamEntity;
  readonly role: TeamRole | null;
}

export interface ActorInTeam {
  readonly team: LockedTeam;
  /** The role of a member. Operators have the rights of an owner. */
  readonly role: TeamRole;
  readonly actor: TeamActor;
}

@Injectable()
export class TeamAccess {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly decisions: ActDecisions,
    private readonly users: UsersService,
  ) {}

  /** Checks without a lock, for reads and early refusals. A client secret has no role in teams. */
  async authorise(
    caller: TeamCaller | { readonly applicationId: string; readonly userId: null },
    teamId: string,
    permission: TeamPermission,
  ): Promise<TeamOfCaller> {
    const { userId, applicationId } = caller;
    const { team, role } = await this.database.read(async (manager) => ({
      team: await manager.findOneBy(TeamEntity, { id: teamId }),
      role: userId === null ? null : await this.roleIn(manager, teamId, userId),
    }));
    if (caller.userId !== null) return this.check(caller, { team, role }, permission);
    if (team?.applicationId !== applicationId) throw teamError('team.not_found');
    return { team, role };
  }

  /** Locks the team until the transaction ends, and checks the caller by the locked row. */
  async assertPermission(
    tx: EntityManager,
    caller: TeamCaller,
    teamId: string,
    permission: TeamPermission,
  ): Promise<ActorInTeam> {
    const team = await this.teams.lock(tx, teamId);
    const role = await this.roleIn(tx, teamId, caller.userId);
    await this.check(caller, { team, role }, permission, tx);
    if (team === null || role === null) throw teamError('team.not_a_member');
    return { team, role, actor: { by: 'person', userId: caller.userId } };
  }

  /** Also allows operators every permission. */
  async lockFor(
    tx: EntityManager,
    by: TeamCaller | OperatorActor,
    teamId: string,
    permission: TeamPermission,
  ): Promise<ActorInTeam> {
    if (!isOperator(by)) return this.assertPermission(tx, by, teamId, permission);
    const team = await this.teams.lock(tx, teamId);
    if (!team) throw teamError('team.not_found');
    return { team, role: 'owner', actor: by };
  }

  async lockTeam(tx: EntityManager, teamId: string): Promise<LockedTeam | null> {
    return this.teams.lock(tx, teamId);
  }

  async lockTeams(tx: EntityManager, teamIds: readonly string[]): Promise<readonly LockedTeam[]> {
    return this.teams.lockAll(tx, teamIds);
  }

  assertBelow(own: TeamRole, other: TeamRole): void {
    if (!isAbove(own, other)) throw teamError('team.role_too_low');
  }

  /** Editors and viewers need only a session. */
  async assertAssurance(
    caller: TeamCaller,
    role: TeamRole,
    operation: SensitiveOperation,
    tx?: EntityManager,
  ): Promise<void> {
    if (role === 'owner' || role === 'admin') await this.decisions.assertAtLevel(caller, operation, tx);
  }

  /** Locks both in the order of their ids, as merges do. @returns the caller, and the other person */
  async lockBoth(
    tx: EntityManager,
    callerId: string,
    userId: string,
  ): Promise<readonly [LockedUser, LockedUser]> {
    const first = callerId <= userId ? await this.users.lock(tx, callerId) : null;
    if (first && callerId === userId) return [first, first];
    const other = await this.users.lockIfThere(tx, userId);
    const caller = first ?? (await this.users.lock(tx, callerId));
    if (!other) throw teamError('team.member_not_found');
    return [caller, other];
  }

  assertActive({ status, isClosed }: LockedUser): void {
    if (status !== 'active' || isClosed) throw teamError('team.target_unavailable');
  }

  private async roleIn(manager: EntityManager, teamId: string, userId: string): Promise<TeamRole | null> {
    return (await this.teams.findMember(manager, teamId, userId))?.role ?? null;
  }

  private async check(
    caller: TeamCaller,
    { team, role }: { readonly team: TeamEntity | null; readonly role: TeamRole | null },
    permission: TeamPermission,
    tx?: EntityManager,
  ): Promise<TeamOfCaller> {
    if (team?.applicationId !== caller.applicationId) throw teamError('team.not_found');
    if (role === null && isForMembers(permission)) throw teamError('team.not_a_member');
    if (role === 'owner' && permission === teamPermissions.membersLeave)
      throw teamError('team.owner_cannot_leave');
    if (!hasPermission(role, permission)) throw teamError('team.role_too_low');
    const operation = operationOf(permission);
    if (role && operation) await this.assertAssurance(caller, role, operation, tx);
    return { team, role };
  }
}
