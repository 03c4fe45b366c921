import { Body, Delete, Get, Post, Query } from '@nestjs/common';
import { AcceptsGrant } from '@countersign/account';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, InSession, type Principal } from '@countersign/sessions';
import { CurrentTeam, TeamRoute } from '../access/team-route';
import { type TeamOfCaller } from '../access/team-access';
import { teamPermissions } from '../team-roles';
import {
  CreatedInvitationResponse,
  CreateInvitationRequest,
  InvitationPage,
  InvitationTokenRequest,
  ReceivedInvitationResponse,
} from './dto/invitation.dto';
import { InvitationsService, OwnInvitationsService } from './invitations.service';
import { tokenIn } from './store/invitation.entity';

@ApiController('v1/teams/:teamId/invitations', 'Teams')
export class TeamInvitationsController {
  constructor(private readonly invitations: InvitationsService) {}

  @Post()
  @AcceptsGrant()
  @TeamRoute(teamPermissions.invitationsCreate, 'createInvitation', CreatedInvitationResponse, {
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
    return this.invitations.create(caller, team.id, request);
  }

  @Get()
  @TeamRoute(
    teamPermissions.invitationsList,
    'listInvitations',
    InvitationPage,
    'List the invitations of a team',
  )
  list(@CurrentTeam() { team }: TeamOfCaller, @Query() query: PageQuery): Promise<InvitationPage> {
    return this.invitations.list(team.id, query);
  }

  @Delete(':invitationId')
  @TeamRoute(teamPermissions.invitationsRevoke, 'revokeInvitation', null, 'Revoke an invitation')
  revoke(
    @Caller() caller: Principal,
    @CurrentTeam() { team }: TeamOfCaller,
    @IdInPath('invitationId', 'invitation.not_found', 'The id of the invitation.') invitationId: string,
  ): Promise<void> {
    return this.invitations.revoke(caller, team.id, invitationId);
  }
}

const offerCodes = [
  'invitation.not_found',
  'invitation.expired',
  'invitation.used_up',
  'invitation.revoked',
  'team.already_member',
  'invitation.already_used',
];

const acceptanceCodes = [
  ...offerCodes,
  'team.full',
  'team.too_many_teams',
  'team.not_accepted',
  'auth.assurance_too_low',
];

@ApiController('v1/invitations', 'Teams')
export class InvitationsController {
  constructor(private readonly invitations: OwnInvitationsService) {}

  @Post('preview')
  @Authenticated('previewInvitation', ReceivedInvitationResponse, {
    summary: 'Get what an invitation is for, without joining',
    errors: offerCodes,
  })
  async preview(
    @Caller() caller: Principal,
    @Body() { token }: InvitationTokenRequest,
  ): Promise<ReceivedInvitationResponse> {
    return ReceivedInvitationResponse.of(await this.invitations.preview(caller, tokenIn(token)));
  }

  @Post('accept')
  @InSession('acceptInvitation', ReceivedInvitationResponse, {
    summary: 'Join a team by the token of an invitation',
    description: 'A person can use an invitation once. A person who left or was removed needs a new one.',
    errors: acceptanceCodes,
  })
  async accept(
    @Caller() caller: Principal,
    @Body() { token }: InvitationTokenRequest,
  ): Promise<ReceivedInvitationResponse> {
    return ReceivedInvitationResponse.of(await this.invitations.accept(caller, tokenIn(token)));
  }
}
