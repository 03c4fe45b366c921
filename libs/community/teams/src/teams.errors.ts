import { defineErrors } from '@countersign/text';

export const teamError = defineErrors({
  'team.not_found': { kind: 'not-found', title: 'The application has no such team' },
  'team.not_a_member': { kind: 'forbidden', title: 'Only members may do this', remedy: 'Ask to be invited.' },
  'team.role_too_low': { kind: 'forbidden', title: 'The role in the team does not allow this' },
  'team.member_not_found': {
    kind: 'not-found',
    title: 'The team has no such member',
    remedy: 'Read the members again: GET /v1/teams/{teamId}/members.',
  },
  'team.name_taken': {
    kind: 'conflict',
    title: 'A team has the name, or one that looks like it',
    remedy: 'Choose another one: GET /v1/teams/availability answers whether it is free.',
  },
  'team.name_reserved': { kind: 'conflict', title: 'The name is reserved' },
  'team.owner_cannot_leave': { kind: 'conflict', title: 'The owner can neither leave nor take another role' },
  'team.too_many_teams': { kind: 'conflict', title: 'The person is a member of as many teams as one can be' },
  'team.already_member': { kind: 'conflict', title: 'The person is a member of the team already' },
  'team.full': { kind: 'conflict', title: 'The team has as many members as it can have' },
  'team.not_accepted': {
    kind: 'forbidden',
    title: 'The application has no teams, or takes no more',
    remedy: 'An operator can set `teams.accept` of the application.',
  },
  'team.target_unavailable': { kind: 'conflict', title: 'That account is deactivated, or is to be erased' },
});
