import { OmitType } from '@nestjs/swagger';
import { IsReason } from '@countersign/account';
import { Id, OneOf, PageQuery, invalidField, Text, toResponse, PageOf } from '@countersign/http';
import { MemberResponse } from '../dto/member.dto';
import { MAX_NAME_LENGTH, TransferTeamRequest, TeamResponse } from '../dto/team.dto';
import type { TeamEntity, TeamMemberEntity } from '../store/team.entity';
import type { TeamFilter } from '../store/teams.repository';
import { readNamePrefix } from '../team-fields';
import { teamRoles, type TeamRole } from '../team-roles';

const USER_ID = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10';

export class AdminTeamResponse extends OmitType(TeamResponse, ['role']) {
  @Id('The application that it belongs to.')
  applicationId: string;

  @Id('The account of its owner.')
  ownerId: string;

  static of(team: TeamEntity): AdminTeamResponse {
    return toResponse(AdminTeamResponse, { ...team, teamId: team.id });
  }
}

export class AdminTeamPageResponse extends PageOf(
  AdminTeamResponse,
  'Newest first; with `name` in the order of names.',
) {}

/** A member for operators, without any personal field. */
export class AdminTeamMemberResponse extends OmitType(MemberResponse, ['profile', 'role']) {
  @OneOf(teamRoles, 'The role.', 'viewer', { name: 'TeamRole' })
  role: TeamRole;

  static of(member: TeamMemberEntity): AdminTeamMemberResponse {
    return toResponse(AdminTeamMemberResponse, member);
  }
}

export class AdminTeamMemberPageResponse extends PageOf(AdminTeamMemberResponse, 'In the order of ids.') {}

export class TeamsQuery extends PageQuery {
  @Id('Only teams of this application.', undefined, { input: 'optional' })
  applicationId?: string;

  @Text(
    'Only teams whose names begin so, in upper or lower case; the list is ordered by name then. Only with `applicationId`: ' +
      'there is no index for it alone.',
    'red',
    { input: 'optional', max: MAX_NAME_LENGTH },
  )
  name?: string;

  @Id('A member.', USER_ID, { input: 'optional' })
  userId?: string;

  static toFilter({ applicationId, name, userId }: TeamsQuery): TeamFilter {
    if (name !== undefined && applicationId === undefined)
      throw invalidField('name', 'needs_application', 'needs applicationId beside it');
    return {
      applicationId: applicationId?.toLowerCase(),
      prefix: name === undefined ? undefined : readNamePrefix(name),
      members: userId === undefined ? [] : [userId.toLowerCase()],
    };
  }
}

export class TransferAdminTeamRequest extends TransferTeamRequest {
  @IsReason()
  reason: string;
}
