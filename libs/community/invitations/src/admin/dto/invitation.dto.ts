import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { NextCursor } from '@countersign/admin';
import { MayBeAbsent, PageQuery, requestError } from '@countersign/http';
import { givenRoles, type GivenRole } from '@countersign/teams';
import {
  invitationStatuses,
  revokeReasons,
  statusOf,
  type InvitationStatus,
  type RevokeReason,
} from '../../invitation';
import type { InvitationEntity } from '../../store/invitation.entity';
import { recipientKinds, type RecipientKind } from '../../recipient';
import type { InvitationFilter } from '../invitation-directory.repository';

const ID = '0199a3c6-b2c4-7d1e-9a35-8e7f6a5b4c3d';
const TEAM_ID = '0199a3c6-9f10-7f3a-8d11-2b6c5a4e9d31';
const INSTANT = '2026-11-02T09:30:00.000Z';

export class InvitationsFilter {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only invitations to this team.', example: TEAM_ID })
  @MayBeAbsent()
  @IsUUID()
  teamId?: string;

  @ApiPropertyOptional({
    enum: [...invitationStatuses],
    description: 'Only invitations in this state. Only with `teamId`: there is no index for it alone.',
    example: 'open',
  })
  @MayBeAbsent()
  @IsIn(invitationStatuses)
  state?: InvitationStatus;

  /** @throws AppError request.invalid */
  static toFilter({ teamId, state }: InvitationsFilter): InvitationFilter {
    if (state !== undefined && teamId === undefined)
      throw requestError('request.invalid', {
        fields: [{ path: 'state', code: 'needs_team', detail: 'needs teamId beside it' }],
      });
    return { teamId: teamId?.toLowerCase(), state };
  }
}

export class InvitationsQuery extends IntersectionType(PageQuery, InvitationsFilter) {}

/** An invitation as operators see it: neither its token nor whom it is addressed to. */
export class AdminInvitationResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the invitation.', example: ID })
  invitationId: string;

  @ApiProperty({ format: 'uuid', description: 'The team.', example: TEAM_ID })
  teamId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The application of the team.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  applicationId: string;

  @ApiProperty({ enum: [...givenRoles], description: 'The role of those who accept it.', example: 'viewer' })
  role: GivenRole;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account that invites; null when it was erased.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  inviterId: string | null;

  @ApiProperty({ enum: [...invitationStatuses], description: 'Its state.', example: 'open' })
  state: InvitationStatus;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'How often it can be accepted.', example: 10 })
  maxUses: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How often it was accepted.', example: 3 })
  useCount: number;

  @ApiProperty({
    type: String,
    enum: [...recipientKinds],
    nullable: true,
    description: 'How it is addressed to one person; null when anybody with the link may accept it.',
    example: null,
  })
  recipientKind: RecipientKind | null;

  @ApiProperty({ format: 'date-time', description: 'When it was created.', example: INSTANT })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'When it expires.', example: INSTANT })
  expiresAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was revoked; null when it was not.',
    example: null,
  })
  revokedAt: string | null;

  @ApiProperty({
    type: String,
    enum: [...revokeReasons],
    nullable: true,
    description:
      'Why it was revoked: by a member or an operator (`revoked`), since its inviter may no longer invite, with its team, or ' +
      'since the person that it was addressed to was erased.',
    example: null,
  })
  revokeReason: RevokeReason | null;

  static of(invitation: InvitationEntity, now: Date): AdminInvitationResponse {
    const { id, teamId, applicationId, role, inviterId, maxUses, useCount, recipientKind } = invitation;
    return {
      invitationId: id,
      teamId,
      applicationId,
      role,
      inviterId,
      state: statusOf(invitation, now),
      maxUses,
      useCount,
      recipientKind,
      createdAt: invitation.createdAt.toISOString(),
      expiresAt: invitation.expiresAt.toISOString(),
      revokedAt: invitation.revokedAt?.toISOString() ?? null,
      revokeReason: invitation.revokeReason,
    };
  }
}

export class AdminInvitationPageResponse {
  @ApiProperty({ type: [AdminInvitationResponse], description: 'Newest first.' })
  items: readonly AdminInvitationResponse[];

  @NextCursor()
  nextCursor: string | null;
}
