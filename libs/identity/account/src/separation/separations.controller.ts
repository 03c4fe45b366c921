import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { InSession, Caller, type Principal } from '@countersign/sessions';
import { FirstPartyOnly, ProvenOnly } from '../rules/account-plane';
import { AcceptsGrant } from '../step-up/accepts-grant';
import { SeparableJoinsResponse, SeparationRequest, SeparationResponse } from './dto/separation.dto';
import { OwnSeparationsService } from './own-separations.service';

@Controller('v1/me')
@ApiTags('The person')
export class SeparationsController {
  constructor(private readonly separations: OwnSeparationsService) {}

  @Get('joins/separable')
  @ApiOperation({
    operationId: 'listSeparableJoins',
    summary: 'List the merges and links that can be separated again',
    description:
      'Those that brought the identity of the session; at the account’s level also those of other identities (`needsStepUp`).',
  })
  @FirstPartyOnly()
  @InSession()
  @Answers(SeparableJoinsResponse)
  async list(@Caller() caller: Principal): Promise<SeparableJoinsResponse> {
    return { items: await this.separations.list(caller) };
  }

  @Post('separations')
  @ApiOperation({
    operationId: 'separateJoin',
    summary: 'Separate a merge or a link again',
    description:
      'By a session of an identity that came, whose sign-in is not older than five minutes. Other sessions at the account’s level need a step-up for ' +
      '`account.unlink`. After a merge, the former account is there again, with its id and what it had; `lost` names what ' +
      'could not return. After a link, the identity gets a new account. The sessions of the identities that leave end.',
  })
  @AcceptsGrant()
  @FirstPartyOnly()
  @ProvenOnly()
  @InSession()
  @Answers(SeparationResponse, {
    status: 200,
    errors: [
      'account.step_up_required',
      'identity.last_one',
      'separation.not_found',
      'separation.proof_too_old',
    ],
  })
  separate(@Caller() caller: Principal, @Body() { joinId }: SeparationRequest): Promise<SeparationResponse> {
    return this.separations.separate(caller, joinId);
  }
}
