import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { UsersService } from '@countersign/users';
import { TeamMemberEntity } from '../store/team-member.entity';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamRecords } from '../team-records';
import type { GivenRole } from '../team-roles';
import { TeamsRepository } from '../store/teams.repository';

/** Of a team, its owner included. */
const MAX_MEMBERS = 1_000;
export const MAX_TEAMS_OF_PERSON = 100;

interface JoiningMember {
  readonly teamId: string;
  readonly userId: string;
  readonly role: GivenRole;
  readonly invitedBy: string | null;
}

/** Only `joined` changes anything. */
export type JoinOutcome =
  | 'joined'
  | 'already-member'
  | 'not-found'
  | 'not-accepted'
  | 'full'
  | 'too-many-teams';

/** Makes people members of teams. */
@Injectable()
export class TeamMembers {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly records: TeamRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a person a member. Locks the person, then the team: a caller that locks the team before holds the lock of the
   * person already.
   */
  async join(tx: EntityManager, joining: JoiningMember): Promise<JoinOutcome> {
    const { teamId, userId, role } = joining;
    if (!(await this.users.lockIfThere(tx, userId))) return 'not-found';
    const team = await this.teams.lock(tx, teamId);
    if (!team) return 'not-found';
    const { applicationId } = team;
    if (await this.members.find(tx, teamId, userId)) return 'already-member';
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    if (!settings.teams.accept) return 'not-accepted';
    if (team.memberCount >= MAX_MEMBERS) return 'full';
    if ((await this.members.countTeamsOf(tx, { userId, applicationId })) >= MAX_TEAMS_OF_PERSON)
      return 'too-many-teams';
    await tx.insert(TeamMemberEntity, { ...joining, applicationId, joinedAt: this.clock.now() });
    await this.teams.addToCount(tx, teamId, 1);
    const actor = { by: 'person', userId } as const;
    await this.records.record(tx, team, actor, 'team_member.joined', { userId, role, how: 'invitation' });
    return 'joined';
  }
}
