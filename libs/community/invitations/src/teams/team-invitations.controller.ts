import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AcceptsGrant } from '@countersign/account';
import { Answers, IdInPath } from '@countersign/http';
import { Caller, type Principal } from '@countersign/sessions';
import { CurrentTeam, TeamAct, type EnteredTeam } from '@countersign/teams';
import { CreateInvitationRequest } from '../dto/create-invitation.request';
import {
  CreatedInvitationResponse,
  InvitationPage,
  toCreatedInvitationResponse,
  toInvitationPage,
} from '../dto/invitation.response';
import { InvitationsQuery } from '../dto/received-invitation.response';
import { InvitationsService } from './invitations.service';

@Controller('v1/teams/:teamId/invitations')
@ApiTags('Teams')
export class TeamInvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @AcceptsGrant()
  @TeamAct('invitations.create', {
    operationId: 'createInvitation',
    summary: 'Invite to a team by a link',
    description:
      'To a role below one’s own; to admins after step-up. The answer has the token, which is not shown again, and links of the bots of the ' +
      'application. It ends with the right of the inviter to invite to the role.',
  })
  @Answers(CreatedInvitationResponse, {
    status: 201,
    errors: ['account.step_up_required', 'team.not_accepted', 'invitation.limit_reached'],
  })
  async create(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: EnteredTeam,
    @Body() request: CreateInvitationRequest,
  ): Promise<CreatedInvitationResponse> {
    return toCreatedInvitationResponse(await this.invitations.create(caller, team.id, request.toWanted()));
  }

  @Get()
  @TeamAct('invitations.list', { operationId: 'listInvitations', summary: 'List the invitations of a team' })
  @Answers(InvitationPage)
  async list(
    @CurrentTeam() { team }: EnteredTeam,
    @Query() query: InvitationsQuery,
  ): Promise<InvitationPage> {
    return toInvitationPage(await this.invitations.list(team.id, query));
  }

  @Delete(':invitationId')
  @TeamAct('invitations.revoke', {
    operationId: 'revokeInvitation',
    summary: 'Revoke an invitation',
    description: 'Those who joined by it stay. One that has ended stays as it is.',
  })
  @Answers(null)
  revoke(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: EnteredTeam,
    @IdInPath('invitationId', 'invitation.not_found', 'The id of the invitation.') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(caller, team.id, invitationId);
  }
}
