import { OmitType } from '@nestjs/swagger';
import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, OneOf, PageQuery, invalidField, toResponse } from '@countersign/http';
import { InvitationResponse } from '../../dto/invitation.response';
import {
  invitationStatuses,
  revokeReasons,
  statusOf,
  type InvitationStatus,
  type RevokeReason,
} from '../../invitation';
import type { InvitationEntity } from '../../store/invitation.entity';
import type { InvitationFilter } from '../../store/invitations.repository';

const TEAM_ID = '0199a3c6-9f10-7f3a-8d11-2b6c5a4e9d31';

export class InvitationsQuery extends PageQuery {
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
  static toFilter({ teamId, state }: InvitationsQuery): InvitationFilter {
    if (state !== undefined && teamId === undefined)
      throw invalidField('state', 'needs_team', 'needs teamId beside it');
    return { teamId: teamId?.toLowerCase(), state };
  }
}

/** An invitation as operators see it: without its token. */
export class AdminInvitationResponse extends OmitType(InvitationResponse, ['status', 'revokeReason']) {
  @Id('The application of the team.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  applicationId: string;

  @OneOf(invitationStatuses, 'Its state.', 'open')
  state: InvitationStatus;

  @Instant('When it was revoked; null when it was not.', null, { nullable: true })
  revokedAt: string | null;

  @OneOf(
    revokeReasons,
    'Why it was revoked: by a member or an operator (`revoked`), or since its inviter may no longer invite.',
    null,
    { nullable: true },
  )
  revokeReason: RevokeReason | null;

  static of(invitation: InvitationEntity, now: Date): AdminInvitationResponse {
    const state = statusOf(invitation, now);
    return toResponse(AdminInvitationResponse, { ...invitation, invitationId: invitation.id, state });
  }
}

export class AdminInvitationPageResponse extends AdminPageOf(AdminInvitationResponse, 'Newest first.') {}
