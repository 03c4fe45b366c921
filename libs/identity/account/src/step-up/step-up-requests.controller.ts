import { Body, Get, Post } from '@nestjs/common';
import { ApiController, IdInPath } from '@countersign/http';
import { InSession, Caller, type Principal } from '@countersign/sessions';
import { StepUpRequestBody, StepUpRequestResponse, StepUpRequestStateResponse } from './step-up-request.dto';
import { StepUpRequests } from './step-up-requests.service';

@ApiController('v1/me/step-up/requests', 'The person')
export class StepUpRequestsController {
  constructor(private readonly requests: StepUpRequests) {}

  @Post()
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
    return this.requests.ask(caller, act);
  }

  @Get(':requestId')
  @InSession('getStepUpRequest', StepUpRequestStateResponse, {
    summary: 'Get what became of a code',
    description: 'For the page that asked for it, which stays open.',
  })
  get(
    @Caller() caller: Principal,
    @IdInPath('requestId', 'account.step_up_request_not_found', 'The id of the request.') requestId: string,
  ): Promise<StepUpRequestStateResponse> {
    return this.requests.read(caller, requestId);
  }
}
