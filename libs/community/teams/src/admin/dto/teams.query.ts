import { IntersectionType } from '@nestjs/swagger';
import { Id, OneOf, PageQuery, invalidField, Text } from '@countersign/http';
import { teamStates, type TeamFilter, type TeamState } from '../team-filter';
import { APPLICATION_ID, MAX_NAME_LENGTH, USER_ID } from './team-fields';

/** Filters of the list of teams, and of their number. */
export class TeamsFilter {
  @Id('Only teams of this application.', APPLICATION_ID, { input: 'optional' })
  applicationId?: string;

  @Text(
    'Only teams whose names begin so, in upper or lower case; the list is ordered by name then. Only with `applicationId`: ' +
      'there is no index for it alone.',
    'red',
    { input: 'optional', max: MAX_NAME_LENGTH },
  )
  name?: string;

  @Id('Only teams that this account owns; of a merged one, those of the surviving account.', USER_ID, {
    input: 'optional',
  })
  ownerId?: string;

  @Id('Only teams that this account is a member of; of a merged one, the surviving account.', USER_ID, {
    input: 'optional',
  })
  memberId?: string;

  @OneOf(teamStates, 'Whether they are deleted. All by default.', 'active', {
    input: 'optional',
    name: 'TeamState',
  })
  state?: TeamState;

  /** @throws AppError request.invalid */
  static toFilter({ applicationId, name, ownerId, memberId, state }: TeamsFilter): TeamFilter {
    if (name !== undefined && applicationId === undefined)
      throw invalidField('name', 'needs_application', 'needs applicationId beside it');
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
