import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { UsersService } from '@countersign/users';
import { TeamMemberEntity } from '../store/team.entity';
import { TeamRecords } from '../team-records';
import type { GivenRole } from '../team-roles';
import { teamError } from '../teams.errors';
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

/** Makes people members of teams. */
@Injectable()
export class TeamMembers {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly teams: TeamsRepository,
    private readonly records: TeamRecords,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a person a member. Locks the person, then the team: a caller that locks the team before holds the lock of the
   * person already.
   * @throws AppError user.not_found, team.not_found, team.already_member, team.not_accepted, team.full, team.too_many_teams
   */
  async join(tx: EntityManager, joining: JoiningMember): Promise<void> {
    const { teamId, userId, role } = joining;
    await this.users.lock(tx, userId);
    const team = await this.teams.lock(tx, teamId);
    if (!team) throw teamError('team.not_found');
    const { applicationId } = team;
    if (await this.teams.findMember(tx, teamId, userId)) throw teamError('team.already_member');
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    if (!settings.teams.accept) throw teamError('team.not_accepted');
    if (team.memberCount >= MAX_MEMBERS) throw teamError('team.full');
    if ((await this.teams.countTeamsOf(tx, { userId, applicationId })) >= MAX_TEAMS_OF_PERSON)
      throw teamError('team.too_many_teams');
    await tx.insert(TeamMemberEntity, { ...joining, applicationId, joinedAt: this.clock.now() });
    await this.teams.addToCount(tx, teamId, 1);
    const actor = { by: 'person', userId } as const;
    await this.records.record(tx, team, actor, 'team_member.joined', { userId, role, how: 'invitation' });
  }
}
