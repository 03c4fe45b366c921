import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';
import { nextCursorField, type Page } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import { invitationStatuses, revokeReasons, type InvitationStatus } from '../invitation';
import type { CreatedInvitation, InvitationWithStatus, ListedInvitation } from '../teams/invitations.service';
import type { Recipient, RecipientKind } from '../recipient';
import {
  createdAtField,
  expiresAtField,
  invitationIdField,
  inviterIdField,
  recipientKindField,
  roleField,
  teamIdField,
  tokenField,
} from './invitation-fields';

export class InvitationRecipientResponse {
  @ApiPropertyOptional({ description: 'In lower case, without `@`.', example: 'night_owl' })
  telegramUsername?: string;

  @ApiPropertyOptional({ description: 'The Telegram user id, as text.', example: '279058397' })
  telegramUserId?: string;
}

/** An invitation, as its team sees it. */
export class InvitationResponse {
  @ApiProperty(invitationIdField)
  invitationId: string;

  @ApiProperty(teamIdField)
  teamId: string;

  @ApiProperty(roleField)
  role: GivenRole;

  @ApiProperty(inviterIdField)
  inviterId: string | null;

  @ApiProperty({
    enum: [...invitationStatuses],
    description: 'Only an open one can be accepted.',
    example: 'open',
  })
  status: InvitationStatus;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many people can join by it.', example: 10 })
  maxUses: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many people joined by it.', example: 3 })
  useCount: number;

  @ApiProperty(recipientKindField)
  recipientKind: RecipientKind | null;

  @ApiProperty({
    type: String,
    enum: [...revokeReasons, null],
    nullable: true,
    description:
      '`revoked` by a member, `inviter` because the inviter may no longer invite to the role, `team-deleted` with the team.',
    example: null,
  })
  revokeReason: string | null;

  @ApiProperty(createdAtField)
  createdAt: string;

  @ApiProperty(expiresAtField)
  expiresAt: string;
}

export class CreatedInvitationResponse extends InvitationResponse {
  @ApiProperty({ ...tokenField, description: 'It is not shown again.' })
  token: string;

  @ApiProperty({
    type: [StartLinkResponse],
    description:
      'For each active Telegram bot of the application in the production environment: links with `i_` and the token.',
  })
  links: readonly StartLinkResponse[];
}

export class ListedInvitationResponse extends InvitationResponse {
  @ApiProperty({
    type: InvitationRecipientResponse,
    nullable: true,
    description: 'Whom it is addressed to; shown to the inviter only.',
  })
  recipient: InvitationRecipientResponse | null;
}

export class InvitationPage {
  @ApiProperty({ type: [ListedInvitationResponse], description: 'Newest first.' })
  items: readonly ListedInvitationResponse[];

  @ApiProperty(nextCursorField)
  nextCursor: string | null;
}

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
