import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { acceptanceCodes } from './acceptance-codes';
import {
  AcceptedInvitationResponse,
  ReceivedInvitationPage,
  toAcceptedInvitationResponse,
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
      'To a Telegram identity that the session sees: by its id, or by its username in a sign-in of the last 24 hours.',
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
}
