import { PickType } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';
import {
  Count,
  type FieldOptions,
  Id,
  Instant,
  Integer,
  ListOf,
  Matching,
  Nested,
  OneOf,
  PageOf,
  Text,
  toResponse,
  Uri,
} from '@countersign/http';
import { givenRoles, type GivenRole } from '../../team-roles';
import {
  DEFAULT_LIFETIME,
  GIVEN_TOKEN,
  invitationStatuses,
  MAX_LIFETIME,
  MAX_USES,
  MIN_LIFETIME,
  revokeReasons,
  statusOf,
  type InvitationEntity,
  type InvitationStatus,
} from '../store/invitation.entity';
import type { ReceivedInvitation } from '../store/invitations.repository';

function RoleField(options?: FieldOptions): PropertyDecorator {
  return OneOf(givenRoles, 'The role that the invited person gets.', 'viewer', options);
}

function TeamIdField(): PropertyDecorator {
  return Id('The id of the team.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42');
}

export class CreateInvitationRequest {
  @RoleField({ input: 'required' })
  role: GivenRole;

  @Integer('Seconds until it expires.', 86_400, {
    input: 'optional',
    min: MIN_LIFETIME,
    max: MAX_LIFETIME,
    default: DEFAULT_LIFETIME,
  })
  expiresIn?: number;

  @Integer('How many people can join by it.', 10, { input: 'optional', min: 1, max: MAX_USES, default: 1 })
  maxUses?: number;
}

export class InvitationTokenRequest {
  @Matching('The token of the invitation, with `i_` or without.', 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd', {
    input: 'required',
    pattern: GIVEN_TOKEN,
    message: 'must be the token of an invitation, or the start parameter with it',
  })
  token: string;
}

export class InvitationResponse {
  @Id('The id of the invitation.')
  invitationId: string;

  @TeamIdField()
  teamId: string;

  @RoleField()
  role: GivenRole;

  @Id('Who made it; null when that account was erased.', undefined, { nullable: true })
  inviterId: string | null;

  @OneOf(invitationStatuses, 'Only an open one can be accepted.', 'open')
  status: InvitationStatus;

  @Integer('How many people can join by it.', 10, { min: 1 })
  maxUses: number;

  @Count('How many people joined by it.', 3)
  useCount: number;

  @OneOf([...revokeReasons, null], '`inviter`: who may no longer invite to it.', null, { nullable: true })
  revokeReason: string | null;

  @Instant('When it was made.')
  createdAt: string;

  @Instant('When it expires.')
  expiresAt: string;

  static of(invitation: InvitationEntity, now: Date): InvitationResponse {
    const status = statusOf(invitation, now);
    return toResponse(InvitationResponse, { ...invitation, invitationId: invitation.id, status });
  }
}

/** The token is shown once, because only its digest is stored. */
export class CreatedInvitationResponse extends InvitationResponse {
  @Text('It is not shown again.', 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd')
  token: string;

  @ListOf(StartLinkResponse, 'For each active Telegram bot of the production environment.')
  links: readonly StartLinkResponse[];
}

export class InvitationPage extends PageOf(InvitationResponse, 'Newest first.') {}

class InvitingTeamResponse {
  @TeamIdField()
  teamId: string;

  @Text('Its name.', 'Night Shift')
  name: string;

  @Uri('The address of its logo.', null, { nullable: true })
  logoUrl: string | null;
}

export class ReceivedInvitationResponse extends PickType(InvitationResponse, [
  'invitationId',
  'role',
  'inviterId',
  'createdAt',
  'expiresAt',
]) {
  @Nested(InvitingTeamResponse, 'The team.')
  team: InvitingTeamResponse;

  static of(received: ReceivedInvitation): ReceivedInvitationResponse {
    const { id: invitationId, teamId, teamName: name, teamLogoUrl: logoUrl } = received;
    return toResponse(ReceivedInvitationResponse, {
      ...received,
      invitationId,
      team: { teamId, name, logoUrl },
    });
  }
}
