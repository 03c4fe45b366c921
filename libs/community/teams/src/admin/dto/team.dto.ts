import type { TeamEntity } from '../../store/team.entity';
import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, Integer, OneOf, Text, toResponse } from '@countersign/http';
import { teamRoles, type TeamRole } from '../../team-roles';
import { type TeamOfUser, type TeamState, teamStates } from '../team-filter';
import { APPLICATION_ID, INSTANT, TEAM_ID, USER_ID } from './team-fields';

/** A team as operators see it. */
export class AdminTeamResponse {
  @Id('The id of the team.', TEAM_ID)
  teamId: string;

  @Id('The application that it belongs to.', APPLICATION_ID)
  applicationId: string;

  @Text('Its name, unique in the application.', 'Red Pandas')
  name: string;

  @Text('What it says of itself.', null, { nullable: true })
  description: string | null;

  @Text('The URL of its logo.', null, { nullable: true })
  logoUrl: string | null;

  @Text('The URL of its banner.', null, { nullable: true })
  bannerUrl: string | null;

  @Text('The URL of its website.', null, { nullable: true })
  websiteUrl: string | null;

  @Text('URLs of its pages elsewhere.', ['https://social.example/red-pandas'], { list: {} })
  socialLinks: readonly string[];

  @Id('The account of its owner.', USER_ID)
  ownerId: string;

  @Id('The account that created it; null when that was erased.', USER_ID, { nullable: true })
  createdBy: string | null;

  @Integer('How many members it has.', 12, { min: 1 })
  memberCount: number;

  @OneOf(teamStates, 'A deleted one can be restored for seven days.', 'active', { name: 'TeamState' })
  state: TeamState;

  @Instant('When it was created.', INSTANT)
  createdAt: string;

  @Instant('When its fields were last changed.', INSTANT)
  updatedAt: string;

  @Instant('When it was deleted; null when it is not.', null, { nullable: true })
  deletedAt: string | null;

  static of(team: TeamEntity): AdminTeamResponse {
    const state = team.deletedAt === null ? 'active' : 'deleted';
    return toResponse(AdminTeamResponse, { ...team, teamId: team.id, state });
  }
}

export class AdminTeamPageResponse extends AdminPageOf(
  AdminTeamResponse,
  'Newest first; with `name` in the order of names.',
) {}

/** A team of a person. */
export class AdminTeamOfUserResponse {
  @Id('The id of the team.', TEAM_ID)
  teamId: string;

  @Id('The application that it belongs to.', APPLICATION_ID)
  applicationId: string;

  @Text('Its name.', 'Red Pandas')
  name: string;

  @OneOf(teamRoles, 'The role of the person.', 'viewer', { name: 'TeamRole' })
  role: TeamRole;

  @Instant('When the person joined.', INSTANT)
  joinedAt: string;

  @OneOf(teamStates, 'Whether the team is deleted.', 'active', { name: 'TeamState' })
  state: TeamState;

  static of({ team, membership }: TeamOfUser): AdminTeamOfUserResponse {
    const state = team.deletedAt === null ? 'active' : 'deleted';
    return toResponse(AdminTeamOfUserResponse, { ...team, ...membership, teamId: team.id, state });
  }
}

export class AdminTeamOfUserPageResponse extends AdminPageOf(AdminTeamOfUserResponse, 'Newest team first.') {}
