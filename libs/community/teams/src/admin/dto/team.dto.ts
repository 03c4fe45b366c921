import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
import type { TeamEntity } from '../../store/team.entity';
import { teamRoles, type TeamRole } from '../../team-roles';
import type { TeamOfUser, TeamState } from '../team-filter';
import { teamStates } from '../team-filter';
import { APPLICATION_ID, INSTANT, TEAM_ID, USER_ID } from './team-fields';

/** A team as operators see it. */
export class AdminTeamResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the team.', example: TEAM_ID })
  teamId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The application that it belongs to.',
    example: APPLICATION_ID,
  })
  applicationId: string;

  @ApiProperty({ description: 'Its name, unique in the application.', example: 'Red Pandas' })
  name: string;

  @ApiProperty({ type: String, nullable: true, description: 'What it says of itself.', example: null })
  description: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The URL of its logo.', example: null })
  logoUrl: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The URL of its banner.', example: null })
  bannerUrl: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The URL of its website.', example: null })
  websiteUrl: string | null;

  @ApiProperty({
    type: [String],
    description: 'URLs of its pages elsewhere.',
    example: ['https://social.example/red-pandas'],
  })
  socialLinks: readonly string[];

  @ApiProperty({ format: 'uuid', description: 'The account of its owner.', example: USER_ID })
  ownerId: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account that created it; null when that was erased.',
    example: USER_ID,
  })
  createdBy: string | null;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many members it has.', example: 12 })
  memberCount: number;

  @ApiProperty({
    enum: [...teamStates],
    enumName: 'TeamState',
    description: 'A deleted one can be restored for seven days.',
    example: 'active',
  })
  state: TeamState;

  @ApiProperty({ format: 'date-time', description: 'When it was created.', example: INSTANT })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'When its fields were last changed.', example: INSTANT })
  updatedAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was deleted; null when it is not.',
    example: null,
  })
  deletedAt: string | null;

  static of(team: TeamEntity): AdminTeamResponse {
    const { id, applicationId, name, description, logoUrl, bannerUrl, websiteUrl, socialLinks } = team;
    return {
      teamId: id,
      applicationId,
      name,
      description,
      logoUrl,
      bannerUrl,
      websiteUrl,
      socialLinks,
      ownerId: team.ownerId,
      createdBy: team.createdBy,
      memberCount: team.memberCount,
      state: team.deletedAt === null ? 'active' : 'deleted',
      createdAt: team.createdAt.toISOString(),
      updatedAt: team.updatedAt.toISOString(),
      deletedAt: team.deletedAt?.toISOString() ?? null,
    };
  }
}

export class AdminTeamPageResponse {
  @ApiProperty({ type: [AdminTeamResponse], description: 'Newest first; with `name` in the order of names.' })
  items: readonly AdminTeamResponse[];

  @NextCursor()
  nextCursor: string | null;
}

/** A team of a person. */
export class AdminTeamOfUserResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the team.', example: TEAM_ID })
  teamId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The application that it belongs to.',
    example: APPLICATION_ID,
  })
  applicationId: string;

  @ApiProperty({ description: 'Its name.', example: 'Red Pandas' })
  name: string;

  @ApiProperty({
    enum: [...teamRoles],
    enumName: 'TeamRole',
    description: 'The role of the person.',
    example: 'viewer',
  })
  role: TeamRole;

  @ApiProperty({ format: 'date-time', description: 'When the person joined.', example: INSTANT })
  joinedAt: string;

  @ApiProperty({
    enum: [...teamStates],
    enumName: 'TeamState',
    description: 'Whether the team is deleted.',
    example: 'active',
  })
  state: TeamState;

  static of({ team, membership }: TeamOfUser): AdminTeamOfUserResponse {
    const { id, applicationId, name, deletedAt } = team;
    return {
      teamId: id,
      applicationId,
      name,
      role: membership.role,
      joinedAt: membership.joinedAt.toISOString(),
      state: deletedAt === null ? 'active' : 'deleted',
    };
  }
}

export class AdminTeamOfUserPageResponse {
  @ApiProperty({ type: [AdminTeamOfUserResponse], description: 'Newest team first.' })
  items: readonly AdminTeamOfUserResponse[];

  @NextCursor()
  nextCursor: string | null;
}
