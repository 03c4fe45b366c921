import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, Matches } from 'class-validator';
import { MayBeAbsent, PageQuery } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import { TOKEN } from '../invitation';
import type { InvitationFacts } from '../invitation-facts.repository';
import type { RecipientKind } from '../recipient';
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
import { InvitingTeamResponse } from './team-summary.response';

export class InvitationTokenRequest {
  @ApiProperty(tokenField)
  @Matches(TOKEN, { message: 'must be the token of an invitation' })
  token: string;
}

export class DeclineInvitationRequest {
  @ApiPropertyOptional({
    description: 'Whether the person wants no invitations of the team at all.',
    default: false,
    example: false,
  })
  @MayBeAbsent()
  @IsBoolean()
  block?: boolean;
}

const listed = ['open', 'ended'] as const;

export class InvitationsQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: [...listed],
    description: 'Only open ones, or those that were used up, expired or were revoked.',
    example: 'open',
  })
  @MayBeAbsent()
  @IsIn(listed)
  status?: (typeof listed)[number];
}

/** An invitation, as a person sees it who can accept it. */
export class ReceivedInvitationResponse {
  @ApiProperty(invitationIdField)
  invitationId: string;

  @ApiProperty({ type: InvitingTeamResponse, description: 'The team.' })
  team: InvitingTeamResponse;

  @ApiProperty(roleField)
  role: GivenRole;

  @ApiProperty(inviterIdField)
  inviterId: string | null;

  @ApiProperty(recipientKindField)
  recipientKind: RecipientKind | null;

  @ApiProperty(createdAtField)
  createdAt: string;

  @ApiProperty(expiresAtField)
  expiresAt: string;

  static of(facts: InvitationFacts): ReceivedInvitationResponse {
    const { id, role, inviterId, recipientKind, createdAt, expiresAt } = facts;
    return {
      invitationId: id,
      team: InvitingTeamResponse.of(facts),
      role,
      inviterId,
      recipientKind,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    };
  }
}

const NEXT_CURSOR = {
  description: '`cursor` of the next page; null on the last page.',
  type: String,
  nullable: true,
  example: null,
};

export class ReceivedInvitationPageResponse {
  @ApiProperty({ type: [ReceivedInvitationResponse], description: 'Newest first.' })
  items: readonly ReceivedInvitationResponse[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor: string | null;
}

export class AcceptedInvitationResponse {
  @ApiProperty(invitationIdField)
  invitationId: string;

  @ApiProperty({ type: InvitingTeamResponse, description: 'The team that the person joined.' })
  team: InvitingTeamResponse;

  @ApiProperty({ ...roleField, description: 'The role of the person in it.' })
  role: GivenRole;

  static of(facts: InvitationFacts): AcceptedInvitationResponse {
    return { invitationId: facts.id, team: InvitingTeamResponse.of(facts), role: facts.role };
  }
}

export class InvitationBlockResponse {
  @ApiProperty(teamIdField)
  teamId: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was blocked.',
    example: '2026-11-22T09:30:00.000Z',
  })
  blockedAt: string;
}

export class InvitationBlockPageResponse {
  @ApiProperty({ type: [InvitationBlockResponse], description: 'In the order of the ids of the teams.' })
  items: readonly InvitationBlockResponse[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor: string | null;
}
