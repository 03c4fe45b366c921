import { Id, OneOf, PageQuery, Text } from '@countersign/http';
import { teamRoles, type TeamRole } from '../team-roles';

const MAX_NAME_LENGTH = 256;

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

export class MembersQuery extends PageQuery {
  @OneOf(teamRoles, 'Only members with this role.', 'admin', { input: 'optional' })
  role?: TeamRole;
}
