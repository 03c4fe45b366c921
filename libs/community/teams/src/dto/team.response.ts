import { ApiProperty } from '@nestjs/swagger';
import type { TeamEntity } from '../store/team.entity';
import { Flag, Id, Instant, OneOf, PageOf, Text, toResponse } from '@countersign/http';
import { TeamFields } from '../team-fields';
import { teamRoles, type TeamRole } from '../team-roles';

/** A team, and the role in it of the person who is asked about. */
export interface TeamWithRole {
  readonly team: TeamEntity;
  readonly role: TeamRole | null;
}

export class TeamResponse extends TeamFields {
  @Id('The id of the team.')
  teamId: string;

  @ApiProperty({ description: 'How many members the team has.', example: 12 })
  memberCount: number;

  @Id(
    'The person who created the team; `null` when that account was erased.',
    '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
    { nullable: true },
  )
  createdBy: string | null;

  @Instant('When it was created.', '2026-11-20T12:00:00.000Z')
  createdAt: string;

  @Instant('When its name, description, an image or a link was last changed.', '2026-11-20T12:00:00.000Z')
  updatedAt: string;

  @OneOf(
    teamRoles,
    'The role of the caller, or of the person whose teams are listed; `null` without membership.',
    'editor',
    { nullable: true },
  )
  role: TeamRole | null;

  static of({ team, role }: TeamWithRole): TeamResponse {
    return toResponse(TeamResponse, { ...team, teamId: team.id, role });
  }
}

export class TeamPage extends PageOf(
  TeamResponse,
  'The teams: newest first, or by name where a name is searched.',
) {}

export class TeamNameAvailabilityResponse {
  @Text('The name as it would be stored.', 'Night Owls')
  name: string;

  @Flag('Whether a team could have it now.', true)
  isAvailable: boolean;
}
