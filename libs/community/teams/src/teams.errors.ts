import { defineErrors, refusals } from '@countersign/text';

export const teamError = defineErrors({
  ...refusals('not-found', {
    'team.not_found': 'The application has no such team',
    'team.member_not_found':
      'The team has no such member. Read the members again: GET /v1/teams/{teamId}/members.',
  }),
  ...refusals('forbidden', {
    'team.not_a_member': 'Only members may do this. Ask to be invited.',
    'team.role_too_low': 'The role in the team does not allow this',
    'team.not_accepted':
      'The application has no teams, or takes no more. An operator can set `teams.accept` of the application.',
  }),
  ...refusals('conflict', {
    'team.name_taken':
      'A team has the name, or one that looks like it. Choose another one: GET /v1/teams/availability answers whether it is free.',
    'team.name_reserved': 'The name is reserved',
    'team.owner_cannot_leave': 'The owner can neither leave nor take another role',
    'team.too_many_teams': 'The person is a member of as many teams as one can be',
    'team.already_member': 'The person is a member of the team already',
    'team.full': 'The team has as many members as it can have',
    'team.target_unavailable': 'That account is deactivated, or is to be erased',
  }),
});
