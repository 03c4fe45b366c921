import { PickType } from '@nestjs/swagger';
import type { InvitationFacts } from '../acceptance/invitation-facts.repository';
import { Nested, OneOf, PageQuery, toResponse } from '@countersign/http';
import { givenRoles, type GivenRole } from '@countersign/teams';
import { InvitationIdField, TokenField } from './invitation-fields';
import { InvitationResponse } from './invitation.response';
import { InvitingTeamResponse, toInvitingTeamResponse } from './team-summary.response';

export class InvitationTokenRequest {
  @TokenField({ input: 'required' })
  token: string;
}

const listed = ['open', 'ended'] as const;

export class InvitationsQuery extends PageQuery {
  @OneOf(listed, 'Only open ones, or those that were used up, expired or were revoked.', 'open', {
    input: 'optional',
  })
  status?: (typeof listed)[number];
}

/** An invitation, as a person sees it who can accept it. */
export class ReceivedInvitationResponse extends PickType(InvitationResponse, [
  'invitationId',
  'role',
  'inviterId',
  'createdAt',
  'expiresAt',
]) {
  @Nested(InvitingTeamResponse, 'The team.')
  team: InvitingTeamResponse;
}

export class AcceptedInvitationResponse {
  @InvitationIdField()
  invitationId: string;

  @Nested(InvitingTeamResponse, 'The team that the person joined.')
  team: InvitingTeamResponse;

  @OneOf(givenRoles, 'The role of the person in it.', 'viewer')
  role: GivenRole;
}

export function toReceivedInvitationResponse(facts: InvitationFacts): ReceivedInvitationResponse {
  const team = toInvitingTeamResponse(facts);
  return toResponse(ReceivedInvitationResponse, { ...facts, invitationId: facts.id, team });
}

export function toAcceptedInvitationResponse(facts: InvitationFacts): AcceptedInvitationResponse {
  return { invitationId: facts.id, team: toInvitingTeamResponse(facts), role: facts.role };
}
