import { Body, Delete, Get, Post, Query } from '@nestjs/common';
import { AcceptsGrant } from '@countersign/account';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { CurrentTeam, TeamAct, type TeamOfCaller } from '@countersign/teams';
import { CreatedInvitationResponse, CreateInvitationRequest, InvitationPage } from '../dto/invitation.dto';
import { InvitationsService } from './invitations.service';

@ApiController('v1/teams/:teamId/invitations', 'Teams')
export class TeamInvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @AcceptsGrant()
  @TeamAct('invitations.create', 'createInvitation', CreatedInvitationResponse, {
    summary: 'Invite to a team by a link',
    description:
      'To a role below one’s own; to admins after step-up. The answer has the token, which is not shown again, and links of the bots of the ' +
      'application. It ends with the right of the inviter to invite to the role.',
    status: 201,
    errors: ['team.not_accepted', 'invitation.limit_reached'],
  })
  create(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @Body() request: CreateInvitationRequest,
  ): Promise<CreatedInvitationResponse> {
    return this.invitations.create(caller, team.id, request.toWanted());
  }

  @Get()
  @TeamAct('invitations.list', 'listInvitations', InvitationPage, 'List the invitations of a team')
  list(@CurrentTeam() { team }: TeamOfCaller, @Query() query: PageQuery): Promise<InvitationPage> {
    return this.invitations.list(team.id, query);
  }

  @Delete(':invitationId')
  @TeamAct('invitations.revoke', 'revokeInvitation', null, 'Revoke an invitation')
  revoke(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @IdInPath('invitationId', 'invitation.not_found', 'The id of the invitation.') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(caller, team.id, invitationId);
  }
}
