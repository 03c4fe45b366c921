import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { Clock } from '@countersign/clock';
import { IdInPath } from '@countersign/http';
import type { InvitationEntity } from '../store/invitation.entity';
import { InvitationsService } from '../teams/invitations.service';
import { AdminInvitationPageResponse, AdminInvitationResponse, InvitationsQuery } from './dto/invitation.dto';

@AdminController('invitations', 'Invitations')
export class AdminInvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation('listInvitations', 'invitations:read', AdminInvitationPageResponse, {
    summary: 'List invitations to teams, newest first',
    description: 'Without their tokens.',
  })
  async list(@Query() query: InvitationsQuery): Promise<AdminInvitationPageResponse> {
    const filter = InvitationsQuery.toFilter(query);
    const item = { of: (one: InvitationEntity) => AdminInvitationResponse.of(one, this.clock.now()) };
    return this.cursors.page('invitations', query, item, (keyset) =>
      this.invitations.listAll(filter, keyset),
    );
  }

  @Delete(':invitationId')
  @Operation('revokeInvitation', 'invitations:write', null, {
    summary: 'Revoke an invitation to a team',
    description: 'Changes nothing where it has ended. Who joined by it stays a member.',
  })
  async revoke(
    @IdInPath('invitationId', 'invitation.not_found', 'The invitation.') invitationId: string,
  ): Promise<void> {
    await this.invitations.revokeFor(invitationId);
  }
}
