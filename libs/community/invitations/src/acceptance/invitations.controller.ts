import { Body, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { InvitationTokenRequest, ReceivedInvitationResponse } from '../dto/invitation.dto';
import { tokenIn } from '../store/invitation.entity';
import { OwnInvitationsService } from '../teams/invitations.service';

/** Codes of routes where a person has an invitation. */
const offerCodes: readonly string[] = [
  'invitation.not_found',
  'invitation.expired',
  'invitation.used_up',
  'invitation.revoked',
  'team.already_member',
  'invitation.already_used',
];

/** Codes of routes where a person joins by one. */
const acceptanceCodes: readonly string[] = [
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
    description: 'At most 30 unknown tokens in ten minutes and person, by all calls.',
    errors: offerCodes,
  })
  async preview(
    @Caller() caller: Principal,
    @Body() { token }: InvitationTokenRequest,
  ): Promise<ReceivedInvitationResponse> {
    return ReceivedInvitationResponse.of(await this.invitations.preview(caller, tokenIn(token)));
  }

  @Post('accept')
  @Authenticated('acceptInvitation', ReceivedInvitationResponse, {
    summary: 'Join a team by the token of an invitation',
    description: 'A person joins by one invitation once: who left or was removed needs a new one.',
    errors: acceptanceCodes,
  })
  async accept(
    @Caller() caller: Principal,
    @Body() { token }: InvitationTokenRequest,
  ): Promise<ReceivedInvitationResponse> {
    return ReceivedInvitationResponse.of(await this.invitations.accept(caller, tokenIn(token)));
  }
}
