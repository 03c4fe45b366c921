import { IntersectionType } from '@nestjs/swagger';
import { AdminPageOf } from '@countersign/admin';
import { Count, Id, Instant, Integer, OneOf, PageQuery, requestError } from '@countersign/http';
import { givenRoles, type GivenRole } from '@countersign/teams';
import {
  invitationStatuses,
  revokeReasons,
  statusOf,
  type InvitationStatus,
  type RevokeReason,
} from '../../invitation';
import type { InvitationEntity } from '../../store/invitation.entity';
import type { InvitationFilter } from '../invitation-directory.repository';

const ID = '0199a3c6-b2c4-7d1e-9a35-8e7f6a5b4c3d';
const TEAM_ID = '0199a3c6-9f10-7f3a-8d11-2b6c5a4e9d31';

export class InvitationsFilter {
  @Id('Only invitations to this team.', TEAM_ID, { input: 'optional' })
  teamId?: string;

  @OneOf(
    invitationStatuses,
    'Only invitations in this state. Only with `teamId`: there is no index for it alone.',
    'open',
    { input: 'optional' },
  )
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

/** An invitation as operators see it: without its token. */
export class AdminInvitationResponse {
  @Id('The id of the invitation.', ID)
  invitationId: string;

  @Id('The team.', TEAM_ID)
  teamId: string;

  @Id('The application of the team.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  applicationId: string;

  @OneOf(givenRoles, 'The role of those who accept it.', 'viewer')
  role: GivenRole;

  @Id('The account that invites; null when it was erased.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', {
    nullable: true,
  })
  inviterId: string | null;

  @OneOf(invitationStatuses, 'Its state.', 'open')
  state: InvitationStatus;

  @Integer('How often it can be accepted.', 10, { min: 1 })
  maxUses: number;

  @Count('How often it was accepted.', 3)
  useCount: number;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When it expires.')
  expiresAt: string;

  @Instant('When it was revoked; null when it was not.', null, { nullable: true })
  revokedAt: string | null;

  @OneOf(
    revokeReasons,
    'Why it was revoked: by a member or an operator (`revoked`), since its inviter may no longer invite, or with its team.',
    null,
    { nullable: true },
  )
  revokeReason: RevokeReason | null;

  static of(invitation: InvitationEntity, now: Date): AdminInvitationResponse {
    const { id, teamId, applicationId, role, inviterId, maxUses, useCount } = invitation;
    return {
      invitationId: id,
      teamId,
      applicationId,
      role,
      inviterId,
      state: statusOf(invitation, now),
      maxUses,
      useCount,
      createdAt: invitation.createdAt.toISOString(),
      expiresAt: invitation.expiresAt.toISOString(),
      revokedAt: invitation.revokedAt?.toISOString() ?? null,
      revokeReason: invitation.revokeReason,
    };
  }
}

export class AdminInvitationPageResponse extends AdminPageOf(AdminInvitationResponse, 'Newest first.') {}
