import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { earliest } from '@countersign/runtime';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Returned,
  type ReturnPair,
  type Lost,
  type LockedUser,
} from '@countersign/users';
import { AccountTeamsRepository, type RecalledMember } from './account-teams.repository';
import { MembersService } from '../members.service';
import { TeamOwnership } from '../team-ownership.service';
import { TeamRecords } from '../team-records';
import { higherOf, isAbove, lowerOf } from '../team-roles';
import { TeamEntity, TeamMemberEntity } from '../store/team.entity';
import { TeamsRepository, type LockedTeam } from '../store/teams.repository';
import { teamEvents } from '../teams.feature';

interface MergedMembers {
  readonly loser: readonly RecalledMember[];
  readonly survivor: readonly RecalledMember[];
}

const OWN_TEAMS = 'FROM team_members own WHERE own.user_id = $1';
const IS_DELETED = `own.role = 'owner' AND NOT EXISTS (
  SELECT FROM team_members admins WHERE admins.team_id = own.team_id AND admins.role = 'admin')`;

@Injectable()
@HasAccountData('others')
export class TeamsAccountData implements AccountData {
  readonly name = 'teams';
  /** The other columns that name a person. Members are merged by their roles. */
  readonly owned: readonly OwnedRows[] = [
    { table: 'teams', column: 'created_by', key: ['id'] },
    { table: 'team_members', column: 'invited_by', key: ['team_id', 'user_id'], mayBeUnnamed: true },
  ];
  /** A team is deleted with its owner if no admin can get it. */
  readonly lost = {
    teams: `${OWN_TEAMS} AND ${IS_DELETED}`,
    teamMemberships: `${OWN_TEAMS} AND NOT (${IS_DELETED})`,
  };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'teams',
      meaning: 'The teams that the person is a member of, with their role, and who invited them.',
      retention: 'While the person is a member.',
      sql: `SELECT own.team_id AS cursor, own.team_id, own.application_id, teams.name, own.role,
          teams.created_by IS NOT DISTINCT FROM own.user_id AS is_creator, own.joined_at, own.invited_by
        FROM team_members own JOIN teams ON teams.id = own.team_id WHERE own.user_id = $1`,
    },
  ];

  constructor(
    private readonly rows: AccountTeamsRepository,
    private readonly records: TeamRecords,
    private readonly memberships: MembersService,
    private readonly ownership: TeamOwnership,
    private readonly teams: TeamsRepository,
  ) {}

  /** Locks all teams that any module changes. Invitations, for example, are locked after their teams. */
  async lock(tx: EntityManager, users: readonly LockedUser[]): Promise<void> {
    await this.teams.lockAll(tx, await this.rows.teamIdsNaming(tx, users));
  }

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const [survivorId, loserId] = [pair.survivor.userId, pair.loser.userId];
    const loser = await this.rows.recalledOf(tx, loserId);
    const survivor = await this.rows.recalledOf(tx, survivorId);
    // The higher role stays, even if this exceeds limits.
    for (const team of await this.lockTeamsOf(tx, pair.loser))
      await this.mergeIn(tx, team, survivorId, loserId);
    return { state: { loser, survivor } satisfies MergedMembers };
  }

  async merged(tx: EntityManager, { survivor }: MergePair): Promise<void> {
    // A person cannot be their own inviter.
    const own = { userId: survivor.userId, invitedBy: survivor.userId };
    await tx.update(TeamMemberEntity, own, { invitedBy: null });
  }

  /** Gives memberships back in the teams of which the survivor is still a member. */
  async separated(
    tx: EntityManager,
    { survivor: { userId } }: ReturnPair,
    state: unknown,
  ): Promise<Returned> {
    const { loser, survivor } = state as MergedMembers;
    const teamIds = loser.map((member) => member.team_id);
    const teams = await this.teams.lockAll(tx, teamIds);
    const lost: Lost[] = [];
    for (const member of loser) {
      const { team_id: teamId } = member;
      const team = teams.find(({ id }) => id === teamId);
      const current = team ? await this.teams.findMember(tx, teamId, userId) : null;
      if (team && current) {
        const own = survivor.find((one) => one.team_id === teamId);
        await this.giveIn(tx, team, current, member, own);
        if (isAbove(member.role, current.role)) lost.push({ what: 'team-role', id: teamId });
      } else lost.push({ what: 'team', id: teamId });
    }
    return { lost };
  }

  /**
   * Gives a team of an erased owner to its longest-serving admin, or deletes it. When the account's row is deleted,
   * foreign keys set the creator and inviter to null.
   */
  async erase(tx: EntityManager, user: LockedUser): Promise<void> {
    for (const team of await this.lockTeamsOf(tx, user)) await this.leave(tx, team, user.userId);
  }

  /** The person is locked, so no membership can be added. */
  private async lockTeamsOf(tx: EntityManager, { userId }: LockedUser): Promise<readonly LockedTeam[]> {
    const memberships = await tx.findBy(TeamMemberEntity, { userId });
    const teamIds = memberships.map(({ teamId }) => teamId);
    return this.teams.lockAll(tx, teamIds);
  }

  private async leave(tx: EntityManager, team: LockedTeam, userId: string): Promise<void> {
    // The team may have changed during the wait for its lock.
    const member = await this.teams.findMember(tx, team.id, userId);
    if (!member) return;
    if (member.role === 'owner') {
      const successor = await this.rows.findSuccessor(tx, team.id);
      if (successor === null) {
        await this.ownership.erase(tx, team, null);
        return;
      }
      await this.ownership.handOver(tx, team, successor, null);
    }
    await this.memberships.end(tx, team, userId, { actor: null, reason: 'erased' });
  }

  private async mergeIn(
    tx: EntityManager,
    team: LockedTeam,
    survivorId: string,
    loserId: string,
  ): Promise<void> {
    const teamId = team.id;
    const lost = await this.teams.findMember(tx, teamId, loserId);
    if (!lost) return;
    const own = await this.teams.findMember(tx, teamId, survivorId);
    if (!own) await tx.update(TeamMemberEntity, { teamId, userId: loserId }, { userId: survivorId });
    else {
      await tx.delete(TeamMemberEntity, { teamId, userId: loserId });
      await tx.increment(TeamEntity, { id: teamId }, 'memberCount', -1);
      await this.records.record(tx, team, null, teamEvents.memberLeft, { userId: loserId, reason: 'merged' });
      const role = higherOf(own.role, lost.role);
      const joinedAt = earliest(own.joinedAt, lost.joinedAt);
      await tx.update(TeamMemberEntity, { teamId, userId: survivorId }, { role, joinedAt });
      const change = { userId: survivorId, role, before: own.role };
      if (role === 'owner' && role !== own.role)
        await this.records.record(tx, team, null, teamEvents.ownershipTransferred, { userId: survivorId });
      else if (role !== own.role)
        await this.records.record(tx, team, null, teamEvents.memberRoleChanged, change);
    }
    if (lost.role === 'owner') await tx.update(TeamEntity, { id: teamId }, { ownerId: survivorId });
  }

  /**
   * Gives both their roles back, or lower ones if those were lowered. A role above both was given to the survivor after
   * the merge.
   * @param own the survivor's membership before the merge; absent if the merge moved the membership
   */
  private async giveIn(
    tx: EntityManager,
    team: LockedTeam,
    { userId, role: before }: TeamMemberEntity,
    lost: RecalledMember,
    own: RecalledMember | undefined,
  ): Promise<void> {
    const { id: teamId } = team;
    const role = lowerOf(lost.role, before);
    const isRaised = isAbove(before, own ? higherOf(own.role, lost.role) : lost.role);
    const ownRole = isRaised ? before : own ? lowerOf(own.role, before) : null;
    if (ownRole === null) await this.rows.give(tx, lost, userId);
    else {
      if (ownRole !== before) await tx.update(TeamMemberEntity, { teamId, userId }, { role: ownRole });
      await this.rows.insert(tx, { ...lost, role });
      await tx.increment(TeamEntity, { id: teamId }, 'memberCount', 1);
      const returned = { userId: lost.user_id, role, how: 'separation' } as const;
      const change = { userId, role: ownRole, before };
      await this.records.record(tx, team, null, teamEvents.memberJoined, returned);
      if (ownRole !== before) await this.records.record(tx, team, null, teamEvents.memberRoleChanged, change);
      if (role === 'owner')
        await this.records.record(tx, team, null, teamEvents.ownershipTransferred, { userId: lost.user_id });
    }
    if (role === 'owner') await tx.update(TeamEntity, { id: teamId }, { ownerId: lost.user_id });
    // Modules give back in the order of their names, so the other account already has its invitations again.
    if (ownRole !== before) await this.records.onRightsLost(tx, { team, userId, role: ownRole });
  }
}
