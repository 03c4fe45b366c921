import { OmitType, PickType } from '@nestjs/swagger';
import type { TeamEntity } from '../../store/team.entity';
import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, Integer, OneOf, toResponse } from '@countersign/http';
import { TeamResponse } from '../../dto/team.response';
import { teamRoles, type TeamRole } from '../../team-roles';
import { type TeamOfUser, type TeamState, teamStates } from '../team-filter';
import { APPLICATION_ID, INSTANT, USER_ID } from './team-fields';

/** A team as operators see it. */
export class AdminTeamResponse extends OmitType(TeamResponse, ['memberCount', 'deletedAt', 'role']) {
  @Id('The application that it belongs to.', APPLICATION_ID)
  applicationId: string;

  @Id('The account of its owner.', USER_ID)
  ownerId: string;

  @Integer('How many members it has.', 12, { min: 1 })
  memberCount: number;

  @OneOf(teamStates, 'A deleted one can be restored for seven days.', 'active', { name: 'TeamState' })
  state: TeamState;

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
export class AdminTeamOfUserResponse extends PickType(AdminTeamResponse, [
  'teamId',
  'applicationId',
  'name',
  'state',
]) {
  @OneOf(teamRoles, 'The role of the person.', 'viewer', { name: 'TeamRole' })
  role: TeamRole;

  @Instant('When the person joined.', INSTANT)
  joinedAt: string;

  static of({ team, membership }: TeamOfUser): AdminTeamOfUserResponse {
    const state = team.deletedAt === null ? 'active' : 'deleted';
    return toResponse(AdminTeamOfUserResponse, { ...team, ...membership, teamId: team.id, state });
  }
}

export class AdminTeamOfUserPageResponse extends AdminPageOf(AdminTeamOfUserResponse, 'Newest team first.') {}
