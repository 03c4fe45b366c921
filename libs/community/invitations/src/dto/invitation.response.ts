import { PickType } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';
import {
  Count,
  type FieldOptions,
  Id,
  Instant,
  Integer,
  ListOf,
  Nested,
  OneOf,
  PageOf,
  Text,
  toResponse,
  Uri,
} from '@countersign/http';
import { givenRoles, type GivenRole } from '@countersign/teams';
import { invitationStatuses, revokeReasons, statusOf, type InvitationStatus } from '../invitation';
import type { InvitationEntity } from '../store/invitation.entity';
import type { InvitationFacts } from '../store/invitations.repository';

export function RoleField(options?: FieldOptions): PropertyDecorator {
  return OneOf(givenRoles, 'The role that the invited person gets.', 'viewer', options);
}

function TeamIdField(): PropertyDecorator {
  return Id('The id of the team.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42');
}

/** An invitation, as its team sees it. */
export class InvitationResponse {
  @Id('The id of the invitation.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11')
  invitationId: string;

  @TeamIdField()
  teamId: string;

  @RoleField()
  role: GivenRole;

  @Id('Who made it; null when that account was erased.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b43', {
    nullable: true,
  })
  inviterId: string | null;

  @OneOf(invitationStatuses, 'Only an open one can be accepted.', 'open')
  status: InvitationStatus;

  @Integer('How many people can join by it.', 10, { min: 1 })
  maxUses: number;

  @Count('How many people joined by it.', 3)
  useCount: number;

  @OneOf(
    [...revokeReasons, null],
    '`revoked` by a member, `inviter` because the inviter may no longer invite to the role.',
    null,
    { nullable: true },
  )
  revokeReason: string | null;

  @Instant('When it was made.', '2026-11-22T09:30:00.000Z')
  createdAt: string;

  @Instant('When it expires.', '2026-11-29T09:30:00.000Z')
  expiresAt: string;

  static of(invitation: InvitationEntity, now: Date): InvitationResponse {
    const status = statusOf(invitation, now);
    return toResponse(InvitationResponse, { ...invitation, invitationId: invitation.id, status });
  }
}

/** The token is shown once, and stored as a digest. */
export class CreatedInvitationResponse extends InvitationResponse {
  @Text('It is not shown again.', 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd')
  token: string;

  @ListOf(
    StartLinkResponse,
    'For each active Telegram bot of the application in the production environment: links with `i_` and the token.',
  )
  links: readonly StartLinkResponse[];
}

export class InvitationPage extends PageOf(InvitationResponse, 'Newest first.') {}

/** The team of an invitation, as it is shown before one joins. */
class InvitingTeamResponse {
  @TeamIdField()
  teamId: string;

  @Text('Its name.', 'Night Shift')
  name: string;

  @Uri('The address of its logo.', null, { nullable: true })
  logoUrl: string | null;
}

/** An invitation, as a person sees it who can accept it, or has. */
export class ReceivedInvitationResponse extends PickType(InvitationResponse, [
  'invitationId',
  'role',
  'inviterId',
  'createdAt',
  'expiresAt',
]) {
  @Nested(InvitingTeamResponse, 'The team.')
  team: InvitingTeamResponse;

  static of(facts: InvitationFacts): ReceivedInvitationResponse {
    const { id: invitationId, teamId, teamName: name, teamLogoUrl: logoUrl } = facts;
    return toResponse(ReceivedInvitationResponse, {
      ...facts,
      invitationId,
      team: { teamId, name, logoUrl },
    });
  }
}
