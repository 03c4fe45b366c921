import { IdInPath } from '@countersign/http';

/** The parameters of the paths in this folder. */
export const TeamInPath = (): ParameterDecorator =>
  IdInPath('teamId', 'team.not_found', 'The team, also a deleted one.');
export const MemberInPath = (): ParameterDecorator =>
  IdInPath('userId', 'team.member_not_found', 'The account of the member.');
export const UserInPath = (): ParameterDecorator =>
  IdInPath('userId', 'user.not_found', 'The account; the id of a merged one stands for the surviving one.');
