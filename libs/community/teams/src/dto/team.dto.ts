import { IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Flag, Id, Instant, Integer, OneOf, PageOf, PageQuery, Text, toResponse } from '@countersign/http';
import { TeamFields } from '../team-fields';
import type { TeamEntity } from '../store/team.entity';
import { teamRoles, type TeamRole } from '../team-roles';

/** A JSON merge patch (RFC 7396). Missing fields stay, and `null` removes a field. */
export class TeamPatch extends PartialType(TeamFields, { skipNullProperties: false }) {}

export class CreateTeamRequest extends IntersectionType(
  PickType(TeamFields, ['name']),
  OmitType(TeamPatch, ['name']),
) {}

export class TransferTeamRequest {
  @Id('The member who becomes the owner.', undefined, { input: 'required' })
  userId: string;
}

export const MAX_NAME_LENGTH = 256;

export class TeamsQuery extends PageQuery {
  @Text(
    'Only teams whose names begin with this, in upper or lower case; letters that look alike count as one. The list is by name then.',
    'nigh',
    { input: 'optional', max: MAX_NAME_LENGTH },
  )
  name?: string;

  @Id('Only teams that this person created.', undefined, { input: 'optional' })
  createdBy?: string;

  @Id(
    'Only teams that this person is a member of. A session finds those of others only where the caller is a member too.',
    '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
    { input: 'optional' },
  )
  member?: string;
}

export class TeamNameQuery {
  @Text('The name that a team would have.', 'Night Owls', { input: 'required', max: MAX_NAME_LENGTH })
  name: string;
}

export interface TeamWithRole {
  readonly team: TeamEntity;
  readonly role: TeamRole | null;
}

export class TeamResponse extends TeamFields {
  @Id('The id of the team.')
  teamId: string;

  @Integer('How many members it has.', 12, { min: 1 })
  memberCount: number;

  @Id('The person who created the team; `null` when that account was erased.', undefined, { nullable: true })
  createdBy: string | null;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When its name, description, an image or a link was last changed.')
  updatedAt: string;

  @OneOf(teamRoles, 'Of the caller, or of `member`; `null` without membership.', 'editor', { nullable: true })
  role: TeamRole | null;

  static of({ team, role }: TeamWithRole): TeamResponse {
    return toResponse(TeamResponse, { ...team, teamId: team.id, role });
  }
}

export class TeamPage extends PageOf(TeamResponse, 'Newest first, or by name where one is searched.') {}

export class TeamNameAvailabilityResponse {
  @Text('The name as it would be stored.', 'Night Owls')
  name: string;

  @Flag('Whether a team could have it now.', true)
  isAvailable: boolean;
}
