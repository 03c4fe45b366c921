import { Body, Get, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiBody } from '@nestjs/swagger';
import { ProofRequest } from '@countersign/auth';
import { Authenticated, Caller, InSession, type Principal } from '@countersign/sessions';
import { ProvenOnly } from './rules/account-plane';
import { AccountService } from './account.service';
import { MeResponse, StepUpResponse } from './dto/me.response';
import { StepUpService } from './step-up/step-up.service';

@ApiController('v1/me', 'The person')
export class MeController {
  constructor(
    private readonly accounts: AccountService,
    private readonly stepUps: StepUpService,
  ) {}

  @Get()
  @Authenticated('getMe', MeResponse, {
    summary: 'Get the account of the access token or of the init data',
    description: 'The account with its profile, its identities and the session of the access token.',
  })
  get(@Caller() caller: Principal): Promise<MeResponse> {
    return this.accounts.describe(caller);
  }

  @Post('step-up')
  @ApiBody({ type: ProofRequest })
  @ProvenOnly()
  @InSession('stepUp', StepUpResponse, {
    summary: 'Step up: prove one’s identity again, for the next five minutes',
    description:
      'With the one-time code of Log In With Telegram, or an answer to a challenge for this, of one’s own identity, ' +
      'not older than five minutes. `applicationId` may be left out. It opens no session. In sessions of third-party applications, and ' +
      'below the account’s level, by the identity that signed in, for acts within the application. Init data and the Login Widget ' +
      'step up with POST /v1/me/step-up/requests instead.',
    errors: ['account.other_person'],
  })
  stepUp(@Caller() caller: Principal, @Body() body: object): Promise<StepUpResponse> {
    return this.stepUps.stepUp(caller, body);
  }
}
