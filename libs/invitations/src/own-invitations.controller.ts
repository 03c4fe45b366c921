import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery, toKeyset, toPage, UuidPipe } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { acceptanceCodes } from './acceptance-codes';
import {
  AcceptedInvitationResponse,
  DeclineInvitationRequest,
  InvitationBlockPageResponse,
  ReceivedInvitationPageResponse,
  ReceivedInvitationResponse,
} from './dto/received-invitation.response';
import { OwnInvitationsService } from './own-invitations.service';

const INVITATION = {
  name: 'invitationId',
  description: 'The id of the invitation.',
  schema: { type: 'string', format: 'uuid' },
};
const TEAM = {
  name: 'teamId',
  description: 'The id of the team.',
  schema: { type: 'string', format: 'uuid' },
};

@Controller('v1/me')
@ApiTags('The person')
export class OwnInvitationsController {
  constructor(private readonly invitations: OwnInvitationsService) {}

  @Get('invitations')
  @ApiOperation({
    operationId: 'listOwnInvitations',
    summary: 'List the open invitations that are addressed to the person',
    description:
      'To a Telegram identity that the session sees: by its id, or by the username that a sign-in of the last 24 hours ' +
      'told. Declined ones, and those of blocked teams, are left out.',
  })
  @Authenticated()
  @Answers(ReceivedInvitationPageResponse)
  async list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<ReceivedInvitationPageResponse> {
    const found = await forCaller(this.invitations.list(caller, page));
    return toPage(
      found,
      toKeyset(page).limit,
      ({ id }) => id,
      (facts) => ReceivedInvitationResponse.of(facts),
    );
  }

  @Post('invitations/:invitationId/accept')
  @ApiOperation({
    operationId: 'acceptOwnInvitation',
    summary: 'Join a team by an invitation that is addressed to the person',
    description: 'Like an acceptance by token, for invitations of the person’s own list.',
  })
  @ApiParam(INVITATION)
  @Authenticated()
  @Answers(AcceptedInvitationResponse, { errors: acceptanceCodes })
  async accept(
    @Caller() caller: Principal,
    @Param('invitationId', new UuidPipe('invitation.not_found')) id: string,
  ): Promise<AcceptedInvitationResponse> {
    return AcceptedInvitationResponse.of(await forCaller(this.invitations.acceptById(caller, id)));
  }

  @Post('invitations/:invitationId/decline')
  @ApiOperation({
    operationId: 'declineInvitation',
    summary: 'Decline an invitation',
    description: 'It is not offered again. Its token or id still accepts it, unless the team is blocked.',
  })
  @ApiParam(INVITATION)
  @Authenticated()
  @Answers(null, { errors: ['invitation.not_found', 'invitation.block_limit_reached'] })
  async decline(
    @Caller() caller: Principal,
    @Param('invitationId', new UuidPipe('invitation.not_found')) id: string,
    @Body() { block = false }: DeclineInvitationRequest,
  ): Promise<void> {
    await forCaller(this.invitations.decline(caller, id, block));
  }

  @Get('invitation-blocks')
  @ApiOperation({
    operationId: 'listInvitationBlocks',
    summary: 'List the teams that the person wants no invitations of',
    description: 'In the order of the ids of the teams.',
  })
  @Authenticated()
  @Answers(InvitationBlockPageResponse)
  async listBlocks(
    @Caller() caller: Principal,
    @Query() page: PageQuery,
  ): Promise<InvitationBlockPageResponse> {
    const found = await this.invitations.listBlocks(caller, page);
    return toPage(
      found,
      toKeyset(page).limit,
      ({ teamId }) => teamId,
      ({ teamId, at }) => ({ teamId, blockedAt: at.toISOString() }),
    );
  }

  @Put('invitation-blocks/:teamId')
  @ApiOperation({
    operationId: 'blockInvitations',
    summary: 'Want no invitations of a team',
    description: 'They are neither listed nor offered, and cannot be accepted. A membership stays.',
  })
  @ApiParam(TEAM)
  @Authenticated()
  @Answers(null, { errors: ['team.not_found', 'invitation.block_limit_reached'] })
  async block(
    @Caller() caller: Principal,
    @Param('teamId', new UuidPipe('team.not_found')) teamId: string,
  ): Promise<void> {
    await forCaller(this.invitations.block(caller, teamId));
  }

  @Delete('invitation-blocks/:teamId')
  @ApiOperation({
    operationId: 'unblockInvitations',
    summary: 'Lift the block of a team',
    description: 'Its invitations are listed and can be accepted again.',
  })
  @ApiParam(TEAM)
  @Authenticated()
  @Answers(null, { errors: ['team.not_found'] })
  async unblock(
    @Caller() caller: Principal,
    @Param('teamId', new UuidPipe('team.not_found')) teamId: string,
  ): Promise<void> {
    await this.invitations.unblock(caller, teamId);
  }
}
