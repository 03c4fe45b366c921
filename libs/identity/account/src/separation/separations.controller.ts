import { Body, Get, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { InSession, Caller, type Principal } from '@countersign/sessions';
import { FirstPartyOnly, ProvenOnly, AcceptsGrant } from '../rules/account-plane';
import { SeparableJoinsResponse, SeparationRequest, SeparationResponse } from './dto/separation.dto';
import { OwnSeparationsService } from './own-separations.service';

@ApiController('v1/me', 'The person')
export class SeparationsController {
  constructor(private readonly separations: OwnSeparationsService) {}

  @Get('joins/separable')
  @FirstPartyOnly()
  @InSession('listSeparableJoins', SeparableJoinsResponse, {
    summary: 'List the merges and links that can be separated again',
    description:
      'Those that brought the identity of the session; at the account’s level also those of other identities (`needsStepUp`).',
  })
  async list(@Caller() caller: Principal): Promise<SeparableJoinsResponse> {
    return { items: await this.separations.list(caller) };
  }

  @Post('separations')
  @AcceptsGrant()
  @FirstPartyOnly()
  @ProvenOnly()
  @InSession('separateJoin', SeparationResponse, {
    summary: 'Separate a merge or a link again',
    description:
      'By a session of an identity that came, whose sign-in is not older than five minutes. Other sessions at the account’s level need a step-up for ' +
      '`account.unlink`. After a merge, the former account is there again, with its id and what it had; `lost` names what ' +
      'could not return. After a link, the identity gets a new account. The sessions of the identities that leave end.',
    status: 200,
    errors: ['identity.last_one', 'separation.not_found', 'separation.proof_too_old'],
  })
  separate(@Caller() caller: Principal, @Body() { joinId }: SeparationRequest): Promise<SeparationResponse> {
    return this.separations.separate(caller, joinId);
  }
}
