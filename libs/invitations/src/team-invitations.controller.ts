import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Clock } from '@countersign/clock';
import { Answers, toKeyset, toPage, UuidPipe } from '@countersign/http';
import { Authenticated, Caller, CreatesOnce, forCaller, type Principal } from '@countersign/sessions';
import { CreateInvitationRequest } from './dto/create-invitation.request';
import {
  CreatedInvitationResponse,
  InvitationPageResponse,
  ListedInvitationResponse,
} from './dto/invitation.response';
import { InvitationsQuery } from './dto/received-invitation.response';
import { InvitationsService } from './invitations.service';

const TEAM = {
  name: 'teamId',
  description: 'The id of the team.',
  schema: { type: 'string', format: 'uuid' },
};
const teamCodes = ['team.not_found', 'team.not_a_member', 'team.role_too_low', 'auth.assurance_too_low'];

@Controller('v1/teams/:teamId/invitations')
@ApiTags('Teams')
export class TeamInvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly clock: Clock,
  ) {}

  @Post()
  @CreatesOnce()
  @ApiOperation({
    operationId: 'createInvitation',
    summary: 'Invite to a team by a link',
    description:
      'To a role below one’s own. The answer has the token, which is not shown again, and links of the bots of the ' +
      'application. It ends with the right of the inviter to invite to the role.',
  })
  @ApiParam(TEAM)
  @Authenticated()
  @Answers(CreatedInvitationResponse, {
    status: 201,
    errors: [
      ...teamCodes,
      'team.not_accepted',
      'invitation.limit_reached',
      'invitation.usernames_not_needed',
    ],
  })
  async create(
    @Caller() caller: Principal,
    @Param('teamId', new UuidPipe('team.not_found')) teamId: string,
    @Body() body: CreateInvitationRequest,
  ): Promise<CreatedInvitationResponse> {
    const created = await forCaller(this.invitations.create(caller, teamId, body.toWanted()));
    return CreatedInvitationResponse.ofCreated(created, this.clock.now());
  }

  @Get()
  @ApiOperation({ operationId: 'listInvitations', summary: 'List the invitations of a team' })
  @ApiParam(TEAM)
  @Authenticated()
  @Answers(InvitationPageResponse, { errors: teamCodes })
  async list(
    @Caller() caller: Principal,
    @Param('teamId', new UuidPipe('team.not_found')) teamId: string,
    @Query() query: InvitationsQuery,
  ): Promise<InvitationPageResponse> {
    const { status } = query;
    const isOpen = status === undefined ? undefined : status === 'open';
    const found = await forCaller(this.invitations.list(caller, teamId, isOpen, query));
    const now = this.clock.now();
    return toPage(
      found,
      toKeyset(query).limit,
      ({ invitation: { id } }) => id,
      (one) => ListedInvitationResponse.ofListed(one, now),
    );
  }

  @Delete(':invitationId')
  @ApiOperation({
    operationId: 'revokeInvitation',
    summary: 'Revoke an invitation',
    description: 'Those who joined by it stay. One that has ended stays as it is.',
  })
  @ApiParam(TEAM)
  @ApiParam({
    name: 'invitationId',
    description: 'The id of the invitation.',
    schema: { type: 'string', format: 'uuid' },
  })
  @Authenticated()
  @Answers(null, { errors: [...teamCodes, 'invitation.not_found'] })
  async revoke(
    @Caller() caller: Principal,
    @Param('teamId', new UuidPipe('team.not_found')) teamId: string,
    @Param('invitationId', new UuidPipe('invitation.not_found')) invitationId: string,
  ): Promise<void> {
    await forCaller(this.invitations.revoke(caller, teamId, invitationId));
  }
}
