import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Clock } from '@countersign/clock';
import { Answers, toKeyset, toPage, UuidPipe } from '@countersign/http';
import { Caller, CreatesOnce, forCaller, type Principal } from '@countersign/sessions';
import { CurrentTeam, TeamAct, type EnteredTeam } from '@countersign/teams';
import { CreateInvitationRequest } from './dto/create-invitation.request';
import {
  CreatedInvitationResponse,
  InvitationPageResponse,
  ListedInvitationResponse,
} from './dto/invitation.response';
import { InvitationsQuery } from './dto/received-invitation.response';
import { InvitationsService } from './invitations.service';

@Controller('v1/teams/:teamId/invitations')
@ApiTags('Teams')
export class TeamInvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly clock: Clock,
  ) {}

  @Post()
  @CreatesOnce()
  @TeamAct('invitations.create', {
    operationId: 'createInvitation',
    summary: 'Invite to a team by a link',
    description:
      'To a role below one’s own. The answer has the token, which is not shown again, and links of the bots of the ' +
      'application. It ends with the right of the inviter to invite to the role.',
  })
  @Answers(CreatedInvitationResponse, {
    status: 201,
    errors: ['team.not_accepted', 'invitation.limit_reached', 'invitation.usernames_not_needed'],
  })
  async create(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: EnteredTeam,
    @Body() body: CreateInvitationRequest,
  ): Promise<CreatedInvitationResponse> {
    const created = await forCaller(this.invitations.create(caller, team.id, body.toWanted()));
    return CreatedInvitationResponse.ofCreated(created, this.clock.now());
  }

  @Get()
  @TeamAct('invitations.list', { operationId: 'listInvitations', summary: 'List the invitations of a team' })
  @Answers(InvitationPageResponse)
  async list(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: EnteredTeam,
    @Query() query: InvitationsQuery,
  ): Promise<InvitationPageResponse> {
    const { status } = query;
    const isOpen = status === undefined ? undefined : status === 'open';
    const found = await forCaller(this.invitations.list(team.id, caller.userId, isOpen, query));
    const now = this.clock.now();
    return toPage(
      found,
      toKeyset(query).limit,
      ({ invitation: { id } }) => id,
      (one) => ListedInvitationResponse.ofListed(one, now),
    );
  }

  @Delete(':invitationId')
  @TeamAct('invitations.revoke', {
    operationId: 'revokeInvitation',
    summary: 'Revoke an invitation',
    description: 'Those who joined by it stay. One that has ended stays as it is.',
  })
  @ApiParam({
    name: 'invitationId',
    description: 'The id of the invitation.',
    schema: { type: 'string', format: 'uuid' },
  })
  @Answers(null, { errors: ['invitation.not_found'] })
  async revoke(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: EnteredTeam,
    @Param('invitationId', new UuidPipe('invitation.not_found')) invitationId: string,
  ): Promise<void> {
    await forCaller(this.invitations.revoke(caller, team.id, invitationId));
  }
}
