import { StartLinkResponse } from '@countersign/applications';
import {
  Count,
  Id,
  Instant,
  Integer,
  ListOf,
  OneOf,
  type Page,
  PageOf,
  Text,
  toResponse,
} from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import { invitationStatuses, revokeReasons, type InvitationStatus } from '../invitation';
import type { InvitationEntity } from '../store/invitation.entity';
import { ExpiresAtField, InvitationIdField, RoleField, TeamIdField } from './invitation-fields';

export interface InvitationWithStatus {
  readonly invitation: InvitationEntity;
  readonly status: InvitationStatus;
}

/** The token is shown once, and stored as a digest. */
export interface CreatedInvitation extends InvitationWithStatus {
  readonly token: string;
  readonly links: readonly StartLinkResponse[];
}

/** An invitation, as its team sees it. */
export class InvitationResponse {
  @InvitationIdField()
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
    '`revoked` by a member, `inviter` because the inviter may no longer invite to the role, `team-deleted` with the team.',
    null,
    { nullable: true },
  )
  revokeReason: string | null;

  @Instant('When it was made.', '2026-11-22T09:30:00.000Z')
  createdAt: string;

  @ExpiresAtField()
  expiresAt: string;
}

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

export function toCreatedInvitationResponse({
  token,
  links,
  ...created
}: CreatedInvitation): CreatedInvitationResponse {
  return { ...toInvitationResponse(created), token, links };
}

export function toInvitationPage({ items, nextCursor }: Page<InvitationWithStatus>): InvitationPage {
  return { items: items.map(toInvitationResponse), nextCursor };
}

function toInvitationResponse({ invitation, status }: InvitationWithStatus): InvitationResponse {
  return toResponse(InvitationResponse, { ...invitation, invitationId: invitation.id, status });
}
