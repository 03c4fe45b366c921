import { StartLinkResponse } from '@countersign/applications';
import { Count, Integer, ListOf, Nested, OneOf, type Page, PageOf, Text } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import { invitationStatuses, revokeReasons, type InvitationStatus } from '../invitation';
import type { CreatedInvitation, InvitationWithStatus, ListedInvitation } from '../teams/invitations.service';
import type { Recipient, RecipientKind } from '../recipient';
import {
  CreatedAtField,
  ExpiresAtField,
  InvitationIdField,
  InviterIdField,
  RecipientKindField,
  RoleField,
  TeamIdField,
} from './invitation-fields';

export class InvitationRecipientResponse {
  @Text('In lower case, without `@`.', 'night_owl', { optional: true })
  telegramUsername?: string;

  @Text('The Telegram user id, as text.', '279058397', { optional: true })
  telegramUserId?: string;
}

/** An invitation, as its team sees it. */
export class InvitationResponse {
  @InvitationIdField()
  invitationId: string;

  @TeamIdField()
  teamId: string;

  @RoleField()
  role: GivenRole;

  @InviterIdField()
  inviterId: string | null;

  @OneOf(invitationStatuses, 'Only an open one can be accepted.', 'open')
  status: InvitationStatus;

  @Integer('How many people can join by it.', 10, { min: 1 })
  maxUses: number;

  @Count('How many people joined by it.', 3)
  useCount: number;

  @RecipientKindField()
  recipientKind: RecipientKind | null;

  @OneOf(
    [...revokeReasons, null],
    '`revoked` by a member, `inviter` because the inviter may no longer invite to the role, `team-deleted` with the team.',
    null,
    { nullable: true },
  )
  revokeReason: string | null;

  @CreatedAtField()
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

export class ListedInvitationResponse extends InvitationResponse {
  @Nested(InvitationRecipientResponse, 'Whom it is addressed to; shown to the inviter only.', {
    nullable: true,
  })
  recipient: InvitationRecipientResponse | null;
}

export class InvitationPage extends PageOf(ListedInvitationResponse, 'Newest first.') {}

export function toCreatedInvitationResponse({
  token,
  links,
  ...created
}: CreatedInvitation): CreatedInvitationResponse {
  return { ...toInvitationResponse(created), token, links };
}

export function toInvitationPage({ items, nextCursor }: Page<ListedInvitation>): InvitationPage {
  return { items: items.map(toListedInvitationResponse), nextCursor };
}

function toListedInvitationResponse({ recipient, ...listed }: ListedInvitation): ListedInvitationResponse {
  return { ...toInvitationResponse(listed), recipient: recipient && toRecipientResponse(recipient) };
}

function toInvitationResponse({ invitation, status }: InvitationWithStatus): InvitationResponse {
  const { id, teamId, role, inviterId, maxUses, useCount, recipientKind, revokeReason } = invitation;
  return {
    invitationId: id,
    teamId,
    role,
    inviterId,
    status,
    maxUses,
    useCount,
    recipientKind,
    revokeReason,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  };
}

function toRecipientResponse({ kind, value }: Recipient): InvitationRecipientResponse {
  return kind === 'telegram-username' ? { telegramUsername: value } : { telegramUserId: value };
}
