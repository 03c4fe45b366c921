import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { acceptanceCodes } from './acceptance-codes';
import {
  AcceptedInvitationResponse,
  DeclineInvitationRequest,
  InvitationBlockPage,
  ReceivedInvitationPage,
  toAcceptedInvitationResponse,
  toInvitationBlockPage,
  toReceivedInvitationPage,
} from '../dto/received-invitation.response';
import { OwnInvitationsService } from './own-invitations.service';

@Controller('v1/me')
@ApiTags('Teams')
export class OwnInvitationsController {
  constructor(private readonly invitations: OwnInvitationsService) {}

  @Get('invitations')
  @ApiOperation({
    operationId: 'listOwnInvitations',
    summary: 'List the open invitations that are addressed to the person',
    description:
      'To a Telegram identity that the session sees: by its id, or by its username in a sign-in of the last 24 ' +
      'hours. Declined ones, and those of blocked teams, are left out.',
  })
  @Authenticated()
  @Answers(ReceivedInvitationPage)
  async list(@Caller() caller: Principal, @Query() query: PageQuery): Promise<ReceivedInvitationPage> {
    return toReceivedInvitationPage(await forCaller(this.invitations.list(caller, query)));
  }

  @Post('invitations/:invitationId/accept')
  @ApiOperation({
    operationId: 'acceptOwnInvitation',
    summary: 'Join a team by an invitation that is addressed to the person',
    description: 'For one that `listOwnInvitations` has. Its token is not needed.',
  })
  @Authenticated()
  @Answers(AcceptedInvitationResponse, { errors: acceptanceCodes })
  async accept(
    @Caller() caller: Principal,
    @IdInPath('invitationId', 'invitation.not_found', 'The id of the invitation.') id: string,
  ): Promise<AcceptedInvitationResponse> {
    return toAcceptedInvitationResponse(await forCaller(this.invitations.acceptById(caller, id)));
  }

  @Post('invitations/:invitationId/decline')
  @ApiOperation({
    operationId: 'declineInvitation',
    summary: 'Decline an invitation',
    description: 'It is not offered again. Its token or id still accepts it, unless the team is blocked.',
  })
  @Authenticated()
  @Answers(null, { errors: ['invitation.block_limit_reached'] })
  decline(
    @Caller() caller: Principal,
    @IdInPath('invitationId', 'invitation.not_found', 'The id of the invitation.') id: string,
    @Body() { block = false }: DeclineInvitationRequest,
  ): Promise<void> {
    return forCaller(this.invitations.decline(caller, id, block));
  }

  @Get('invitation-blocks')
  @ApiOperation({
    operationId: 'listInvitationBlocks',
    summary: 'List the teams that the person wants no invitations of',
    description: 'In the application of the session, in the order of their ids.',
  })
  @Authenticated()
  @Answers(InvitationBlockPage)
  async listBlocks(@Caller() caller: Principal, @Query() query: PageQuery): Promise<InvitationBlockPage> {
    return toInvitationBlockPage(await this.invitations.listBlocks(caller, query));
  }

  @Put('invitation-blocks/:teamId')
  @ApiOperation({
    operationId: 'blockInvitations',
    summary: 'Block the invitations of a team',
    description: 'They are neither listed nor offered, and cannot be accepted. A membership stays.',
  })
  @Authenticated()
  @Answers(null, { errors: ['invitation.block_limit_reached'] })
  block(
    @Caller() caller: Principal,
    @IdInPath('teamId', 'team.not_found', 'The id of the team.') teamId: string,
  ): Promise<void> {
    return forCaller(this.invitations.block(caller, teamId));
  }

  @Delete('invitation-blocks/:teamId')
  @ApiOperation({
    operationId: 'unblockInvitations',
    summary: 'Lift the block of a team',
    description: 'Its invitations are listed and can be accepted again.',
  })
  @Authenticated()
  @Answers(null)
  unblock(
    @Caller() caller: Principal,
    @IdInPath('teamId', 'team.not_found', 'The id of the team.') teamId: string,
  ): Promise<void> {
    return this.invitations.unblock(caller, teamId);
  }
}
