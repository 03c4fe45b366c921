import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Lost, Returned, ReturnPair } from '@countersign/users';
import { TeamRecords } from '../team-records';
import { higherOf, isAbove, lowerOf, type TeamRole } from '../team-roles';
import type { TeamEntity, TeamMemberEntity } from '../store/team.entity';
import { TeamListeners } from '../on-team-change';
import { AccountTeamsRepository, type RecalledMember } from './account-teams.repository';
import { TeamsRepository } from '../store/teams.repository';

/** A membership of the account that returns, and the survivor's in the same team. */
interface Share {
  readonly lost: RecalledMember;
  /** Before the merge; absent where the merge moved the membership. */
  readonly own: RecalledMember | undefined;
}

/** The memberships of both accounts, before their merge. */
export interface MergedMembers {
  readonly loser: readonly RecalledMember[];
  readonly survivor: readonly RecalledMember[];
}

/** Gives an account that returns its memberships back, in teams in which both have what they had. */
@Injectable()
export class TeamSeparation {
  constructor(
    private readonly rows: AccountTeamsRepository,
    private readonly teams: TeamsRepository,
    private readonly listeners: TeamListeners,
    private readonly records: TeamRecords,
  ) {}

  async separate(
    tx: EntityManager,
    { survivor: { userId } }: ReturnPair,
    { loser, survivor }: MergedMembers,
  ): Promise<Returned> {
    const teamIds = loser.map(({ team_id: teamId }) => teamId);
    const teams = new Map((await this.teams.lockAll(tx, teamIds)).map((team) => [team.id, team]));
    const lost: Lost[] = [];
    for (const member of loser) {
      const own = survivor.find((one) => one.team_id === member.team_id);
      const share = { lost: member, own };
      const team = teams.get(member.team_id);
      const current = team ? await this.teams.findMember(tx, team.id, userId) : null;
      if (!team || !current) lost.push({ what: 'team', id: member.team_id });
      else lost.push(...(await this.giveIn(tx, team, current, share)));
    }
    return { lost };
  }

  private async giveIn(
    tx: EntityManager,
    team: TeamEntity,
    current: TeamMemberEntity,
    share: Share,
  ): Promise<readonly Lost[]> {
    const { lost, own } = share;
    const shares = { survivor: own?.role ?? null, loser: lost.role };
    const { survivor: ownRole, loser: role } = dividedRole(current.role, shares);
    if (ownRole === null || role === null) await this.rows.give(tx, lost, current.userId);
    else await this.divide(tx, team, current, share, { role, ownRole });
    if (role === 'owner') await this.teams.update(tx, team.id, { ownerId: lost.user_id });
    const { userId } = current;
    // Modules give back in the order of their names: the invitations of the other account are its own again.
    if (ownRole !== current.role)
      await this.listeners.onRightsLost(tx, { teamId: team.id, userId, role: ownRole });
    return isAbove(lost.role, current.role) ? [{ what: 'team-role', id: team.id }] : [];
  }

  /** Both are members. */
  private async divide(
    tx: EntityManager,
    team: TeamEntity,
    current: TeamMemberEntity,
    { lost }: Share,
    { role, ownRole }: { readonly role: TeamRole; readonly ownRole: TeamRole },
  ): Promise<void> {
    const { userId } = current;
    if (ownRole !== current.role) await this.teams.setRole(tx, team.id, userId, ownRole);
    await this.rows.insert(tx, { ...lost, role });
    await this.teams.addToCount(tx, team.id, 1);
    const returned = { userId: lost.user_id, role, how: 'separation' } as const;
    await this.records.record(tx, team, null, 'team_member.joined', returned);
    if (ownRole !== current.role)
      await this.records.record(tx, team, null, 'team_member.role_changed', {
        userId,
        role: ownRole,
        before: current.role,
      });
    if (role === 'owner')
      await this.records.record(tx, team, null, 'team.ownership_transferred', { userId: lost.user_id });
  }
}

/** Roles in one team; `null` without membership. */
interface SharedRoles {
  readonly survivor: TeamRole | null;
  readonly loser: TeamRole | null;
}

/**
 * What each account has of a role that they had together.
 * @param shares what they had when they were merged. A role above both was given to the survivor since.
 */
function dividedRole(role: TeamRole | null, { survivor, loser }: SharedRoles): SharedRoles {
  const highest = survivor && loser ? higherOf(survivor, loser) : (survivor ?? loser);
  const isRaised = role !== null && (highest === null || isAbove(role, highest));
  return { survivor: isRaised ? role : lowestOf(survivor, role), loser: lowestOf(loser, role) };
}

function lowestOf(one: TeamRole | null, other: TeamRole | null): TeamRole | null {
  return one && other ? lowerOf(one, other) : null;
}
