import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { StartLinkResponse } from '@countersign/applications';
import type { GivenRole } from '@countersign/teams';
import { invitationStatuses, revokeReasons, statusOf, type InvitationStatus } from '../invitation';
import type { InvitationEntity } from '../invitation.entity';
import type { CreatedInvitation, ListedInvitation } from '../invitations.service';
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

  static of({ kind, value }: Recipient): InvitationRecipientResponse {
    return kind === 'telegram-username' ? { telegramUsername: value } : { telegramUserId: value };
  }
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
      'Why it was revoked: by a member, since the inviter may no longer invite to the role, with the team, or since the ' +
      'account of the invited person was erased.',
    example: null,
  })
  revokeReason: string | null;

  @ApiProperty(createdAtField)
  createdAt: string;

  @ApiProperty(expiresAtField)
  expiresAt: string;

  static of(invitation: InvitationEntity, now: Date): InvitationResponse {
    const { id, teamId, role, inviterId, maxUses, useCount, recipientKind, revokeReason } = invitation;
    return {
      invitationId: id,
      teamId,
      role,
      inviterId,
      status: statusOf(invitation, now),
      maxUses,
      useCount,
      recipientKind,
      revokeReason,
      createdAt: invitation.createdAt.toISOString(),
      expiresAt: invitation.expiresAt.toISOString(),
    };
  }
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

  static ofCreated({ invitation, token, links }: CreatedInvitation, now: Date): CreatedInvitationResponse {
    return { ...InvitationResponse.of(invitation, now), token, links };
  }
}

export class ListedInvitationResponse extends InvitationResponse {
  @ApiProperty({
    type: InvitationRecipientResponse,
    nullable: true,
    description: 'Whom it is addressed to; shown to the inviter only.',
  })
  recipient: InvitationRecipientResponse | null;

  static ofListed({ invitation, recipient }: ListedInvitation, now: Date): ListedInvitationResponse {
    return {
      ...InvitationResponse.of(invitation, now),
      recipient: recipient && InvitationRecipientResponse.of(recipient),
    };
  }
}

export class InvitationPageResponse {
  @ApiProperty({ type: [ListedInvitationResponse], description: 'Newest first.' })
  items: readonly ListedInvitationResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: '`cursor` of the next page; null on the last page.',
    example: null,
  })
  nextCursor: string | null;
}
