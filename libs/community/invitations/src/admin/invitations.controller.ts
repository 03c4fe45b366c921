import { Delete, Get, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { AdminInvitationPageResponse, InvitationsQuery } from './dto/invitation.dto';
import type { InvitationEntity } from '../store/invitation.entity';
import { InvitationDirectory } from './invitation-directory';

@AdminController('invitations', 'Invitations')
export class AdminInvitationsController {
  constructor(
    private readonly directory: InvitationDirectory,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listInvitations', 'invitations:read', AdminInvitationPageResponse, {
    summary: 'List invitations to teams, newest first',
    description: 'Without their tokens.',
  })
  async list(@Query() query: InvitationsQuery): Promise<AdminInvitationPageResponse> {
    const filter = InvitationsQuery.toFilter(query);
    const item = { of: (one: InvitationEntity) => this.directory.toResponse(one) };
    return this.cursors.page('invitations', query, item, (keyset) => this.directory.list(filter, keyset));
  }

  @Delete(':invitationId')
  @Operation('revokeInvitation', 'invitations:write', null, {
    summary: 'Revoke an invitation to a team',
    description: 'Changes nothing where it has ended. Who joined by it stays a member.',
  })
  async revoke(
    @IdInPath('invitationId', 'invitation.not_found', 'The invitation.') invitationId: string,
  ): Promise<void> {
    await this.directory.revoke(invitationId);
  }
}
