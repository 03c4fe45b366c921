import { Body, Delete, Get, Post } from '@nestjs/common';
import { ApiController, IdInPath, TextInPath, toResponse } from '@countersign/http';
import { Caller, InSession, type Principal } from '@countersign/sessions';
import { OpenidConsents } from '../consents/openid-consents';
import { AcceptLoginBody, ConsentsResponse, LoginRequestResponse } from './login-request.dto';
import { LoginRequests } from './login-requests';

const CodeInPath = (): ParameterDecorator =>
  TextInPath('code', 'The code of the start parameter, without `o_`.', 'kP3v9QmXw2kVt9pRb4cYd8nJ');

@ApiController('v1/openid/requests', 'Sign in')
export class LoginRequestsController {
  constructor(private readonly requests: LoginRequests) {}

  @Get(':code')
  @InSession('getLoginRequest', LoginRequestResponse, {
    summary: 'Get which product asks to be signed in, and from where',
    description:
      'For the page of a Mini App whose start parameter is `o_` and a code. The launch alone does nothing.',
    errors: ['openid.request_not_found'],
  })
  async get(@Caller() caller: Principal, @CodeInPath() code: string): Promise<LoginRequestResponse> {
    const { client, request, ...others } = await this.requests.describe(caller, code);
    return toResponse(LoginRequestResponse, { ...client, ...request, ...others, clientName: client.name });
  }

  @Post(':code/accept')
  @InSession('acceptLoginRequest', null, {
    summary: 'Sign in the browser that shows this number',
    description:
      'Only the session of the latest launch of the person with this code can accept, within five minutes after the launch. ' +
      'The browser becomes a session of the person, in their list. Three wrong numbers end the launch.',
    errors: [
      'openid.request_not_found',
      'openid.launch_required',
      'openid.consent_required',
      'openid.number_wrong',
    ],
  })
  async accept(
    @Caller() caller: Principal,
    @CodeInPath() code: string,
    @Body() { number, consent = false }: AcceptLoginBody,
  ): Promise<void> {
    await this.requests.accept(caller, code, { number, agrees: consent });
  }

  @Post(':code/refuse')
  @InSession('refuseLoginRequest', null, {
    summary: 'Refuse to sign in the browser',
    description:
      'The launch is over, and the browser says that a phone refused. Other people can still accept the request until it expires.',
    errors: ['openid.request_not_found', 'openid.launch_required'],
  })
  async refuse(@Caller() caller: Principal, @CodeInPath() code: string): Promise<void> {
    await this.requests.refuse(caller, code);
  }
}

@ApiController('v1/me/consents', 'The person')
export class OwnConsentsController {
  constructor(private readonly consents: OpenidConsents) {}

  @Get()
  @InSession('listConsents', ConsentsResponse, { summary: 'List what products of third parties were given' })
  async list(@Caller() caller: Principal): Promise<ConsentsResponse> {
    return { items: await this.consents.list(caller) };
  }

  @Delete(':clientId')
  @InSession('revokeConsent', null, {
    summary: 'Take back what a product of a third party was given',
    description: 'Its tokens are refused at once.',
  })
  async revoke(
    @Caller() caller: Principal,
    @IdInPath('clientId', 'openid.consent_not_found', 'The `client_id`.') clientId: string,
  ): Promise<void> {
    await this.consents.revoke(caller, clientId);
  }
}
