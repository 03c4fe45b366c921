import { IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Id, PageQuery, Text } from '@countersign/http';
import { TeamFields } from '../team-fields';

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class TeamPatch extends PartialType(TeamFields, { skipNullProperties: false }) {}

export class CreateTeamRequest extends IntersectionType(
  PickType(TeamFields, ['name']),
  OmitType(TeamPatch, ['name']),
) {}

export class TransferTeamRequest {
  @Id('The member who becomes the owner.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'required' })
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

  @Id('Only teams that this person created.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'optional' })
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
