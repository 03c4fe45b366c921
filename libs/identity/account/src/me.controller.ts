import { Body, Get, Post } from '@nestjs/common';
import { ApiController, IdInPath } from '@countersign/http';
import { ApiBody } from '@nestjs/swagger';
import { ProofRequest } from '@countersign/auth';
import { Authenticated, Caller, InSession, type Principal } from '@countersign/sessions';
import { ProvenOnly } from './rules/account-plane';
import { AccountService } from './account.service';
import { MeResponse, StepUpResponse } from './dto/me.response';
import {
  StepUpRequestBody,
  StepUpRequestResponse,
  StepUpRequestStateResponse,
} from './step-up/step-up-request.dto';
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

  @Post('step-up/requests')
  @InSession('requestStepUp', StepUpRequestResponse, {
    summary: 'Ask for a code that steps up for one act',
    description:
      'The page opens a link of the answer. The Mini App opens a second time with fresh init data, whose start parameter ' +
      'carries the code, and signs in: the answer has `stepUp` with a grant. That page names the act, asks the person, ' +
      'and makes the call of the act with the grant as `X-Step-Up-Grant`. 30 requests of a person an hour. What no launch of the person could reach is refused here.',
    status: 201,
    errors: ['account.act_unknown', 'account.first_party_only', 'auth.assurance_too_low'],
  })
  create(@Caller() caller: Principal, @Body() { act }: StepUpRequestBody): Promise<StepUpRequestResponse> {
    return this.stepUps.ask(caller, act);
  }

  @Get('step-up/requests/:requestId')
  @InSession('getStepUpRequest', StepUpRequestStateResponse, {
    summary: 'Get what became of a code',
    description: 'For the page that asked for it, which stays open.',
  })
  getStepUp(
    @Caller() caller: Principal,
    @IdInPath('requestId', 'account.step_up_request_not_found', 'The id of the request.') requestId: string,
  ): Promise<StepUpRequestStateResponse> {
    return this.stepUps.read(caller, requestId);
  }
}
