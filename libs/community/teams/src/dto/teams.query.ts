import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';
import { MayBeAbsent, PageQuery } from '@countersign/http';
import { teamRoles, type TeamRole } from '../team-roles';

const MAX_NAME_LENGTH = 256;

export class TeamsQuery extends PageQuery {
  @ApiPropertyOptional({
    description:
      'Only teams whose names begin with this, in upper or lower case; letters that look alike count as one. The list is by name then.',
    example: 'nigh',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  name?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only teams that this person created.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  @MayBeAbsent()
  @IsUUID()
  createdBy?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'Only teams that this person is a member of. A session finds those of others only where the caller is a member too.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  @MayBeAbsent()
  @IsUUID()
  member?: string;
}

export class TeamNameQuery {
  @ApiProperty({ description: 'The name that a team would have.', type: String, example: 'Night Owls' })
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  name: string;
}

export class MembersQuery extends PageQuery {
  @ApiPropertyOptional({
    description: 'Only members with this role.',
    enum: [...teamRoles],
    example: 'admin',
  })
  @MayBeAbsent()
  @IsIn(teamRoles)
  role?: TeamRole;
}
