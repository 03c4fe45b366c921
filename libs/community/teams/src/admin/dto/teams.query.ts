import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';
import { MayBeAbsent, PageQuery, requestError } from '@countersign/http';
import { teamStates, type TeamFilter, type TeamState } from '../team-filter';
import { APPLICATION_ID, MAX_NAME_LENGTH, USER_ID } from './team-fields';

/** Filters of the list of teams, and of their number. */
export class TeamsFilter {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only teams of this application.',
    example: APPLICATION_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  @ApiPropertyOptional({
    description:
      'Only teams whose names begin so, in upper or lower case; the list is ordered by name then. Only with `applicationId`: ' +
      'there is no index for it alone.',
    example: 'red',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  name?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only teams that this account owns; of a merged one, those of the surviving account.',
    example: USER_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  ownerId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only teams that this account is a member of; of a merged one, the surviving account.',
    example: USER_ID,
  })
  @MayBeAbsent()
  @IsUUID()
  memberId?: string;

  @ApiPropertyOptional({
    enum: [...teamStates],
    enumName: 'TeamState',
    description: 'Whether they are deleted. All by default.',
    example: 'active',
  })
  @MayBeAbsent()
  @IsIn(teamStates)
  state?: TeamState;

  /** @throws AppError request.invalid */
  static toFilter({ applicationId, name, ownerId, memberId, state }: TeamsFilter): TeamFilter {
    if (name !== undefined && applicationId === undefined)
      throw requestError('request.invalid', {
        fields: [{ path: 'name', code: 'needs_application', detail: 'needs applicationId beside it' }],
      });
    return {
      applicationId: applicationId?.toLowerCase(),
      name,
      ownerId: ownerId?.toLowerCase(),
      memberId: memberId?.toLowerCase(),
      state,
    };
  }
}

export class TeamsQuery extends IntersectionType(PageQuery, TeamsFilter) {}
