import { ApiProperty } from '@nestjs/swagger';
import { nextCursorField, type Page } from '@countersign/http';
import type { TeamEntity } from '../store/team.entity';
import { teamRoles, type TeamRole } from '../team-roles';

/** A team, and the role in it of the person who is asked about. */
export interface TeamWithRole {
  readonly team: TeamEntity;
  readonly role: TeamRole | null;
}

export class TeamResponse {
  @ApiProperty({
    description: 'The id of the team.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  teamId: string;

  @ApiProperty({ description: 'The name.', example: 'Night Owls' })
  name: string;

  @ApiProperty({
    description: 'The description.',
    type: String,
    nullable: true,
    example: 'We play at night.',
  })
  description: string | null;

  @ApiProperty({
    description: 'The URL of the logo.',
    type: String,
    nullable: true,
    example: 'https://example.com/owl.png',
  })
  logoUrl: string | null;

  @ApiProperty({ description: 'The URL of the banner.', type: String, nullable: true, example: null })
  bannerUrl: string | null;

  @ApiProperty({ description: 'The URL of the website.', type: String, nullable: true, example: null })
  websiteUrl: string | null;

  @ApiProperty({ description: 'https URLs.', type: [String], example: ['https://t.me/night_owls'] })
  socialLinks: readonly string[];

  @ApiProperty({ description: 'How many members the team has.', example: 12 })
  memberCount: number;

  @ApiProperty({
    description: 'The person who created the team; `null` when that account was erased.',
    format: 'uuid',
    type: String,
    nullable: true,
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  createdBy: string | null;

  @ApiProperty({
    description: 'When it was created.',
    format: 'date-time',
    example: '2026-11-20T12:00:00.000Z',
  })
  createdAt: string;

  @ApiProperty({
    description: 'When its name, description, an image or a link was last changed.',
    format: 'date-time',
    example: '2026-11-20T12:00:00.000Z',
  })
  updatedAt: string;

  @ApiProperty({
    description: 'When it was deleted, for its owner, who can restore it for seven days; `null` otherwise.',
    format: 'date-time',
    type: String,
    nullable: true,
    example: null,
  })
  deletedAt: string | null;

  @ApiProperty({
    description:
      'The role of the caller, or of the person whose teams are listed; `null` without membership.',
    enum: [...teamRoles],
    type: String,
    nullable: true,
    example: 'editor',
  })
  role: TeamRole | null;
}

export class TeamPage {
  @ApiProperty({
    description: 'The teams: newest first, or by name where a name is searched.',
    type: [TeamResponse],
  })
  items: readonly TeamResponse[];

  @ApiProperty(nextCursorField)
  nextCursor: string | null;
}

export class TeamNameAvailabilityResponse {
  @ApiProperty({ description: 'The name as it would be stored.', example: 'Night Owls' })
  name: string;

  @ApiProperty({ description: 'Whether a team could have it now.', example: true })
  isAvailable: boolean;
}

export function toTeamResponse({ team, role }: TeamWithRole): TeamResponse {
  const { id: teamId, name, description, logoUrl, bannerUrl, websiteUrl, socialLinks } = team;
  return {
    teamId,
    name,
    description,
    logoUrl,
    bannerUrl,
    websiteUrl,
    socialLinks,
    memberCount: team.memberCount,
    createdBy: team.createdBy,
    createdAt: team.createdAt.toISOString(),
    updatedAt: team.updatedAt.toISOString(),
    deletedAt: team.deletedAt?.toISOString() ?? null,
    role,
  };
}

export function toTeamPage({ items, nextCursor }: Page<TeamWithRole>): TeamPage {
  return { items: items.map(toTeamResponse), nextCursor };
}
