import { Body, Get, Post } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiBody } from '@nestjs/swagger';
import { ProofOfAct, ProofRequest } from '@countersign/auth';
import { Authenticated, Caller, InSession, type Principal } from '@countersign/sessions';
import { AccountPlane, ProvenOnly, AcceptsGrant } from './rules/account-plane';
import { AccountService } from './account.service';
import { DetachmentService } from './identities/detachment.service';
import { DetachmentResponse, MeResponse, StepUpResponse } from './dto/me.response';
import { StepUpService } from './step-up/step-up.service';

@ApiController('v1/me', 'The person')
export class MeController {
  constructor(
    private readonly accounts: AccountService,
    private readonly stepUps: StepUpService,
    private readonly detachments: DetachmentService,
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
  @AccountPlane('stepUp', StepUpResponse, {
    summary: 'Step up: prove one’s identity again, for the next five minutes',
    description:
      'With the one-time code of Log In With Telegram, or an answer to a challenge for this, of one’s own identity, ' +
      'not older than five minutes. `applicationId` may be left out. It opens no session. Init data and the Login Widget ' +
      'step up with POST /v1/me/step-up/requests instead.',
    errors: ['account.other_person'],
  })
  stepUp(@Caller() caller: Principal, @Body() body: object): Promise<StepUpResponse> {
    return this.stepUps.stepUp(caller, body);
  }

  @Post('application-step-up')
  @ApiBody({ type: ProofRequest })
  @ProvenOnly()
  @InSession('stepUpForApplication', StepUpResponse, {
    summary: 'Step up below the account’s level, for acts within the application',
    description:
      'For acts within the application that ask for a fresh proof. As POST /v1/me/step-up, by the identity that signed in, for sessions of ' +
      'third-party applications and those that do not reach the account’s level.',
    errors: ['account.other_person'],
  })
  stepUpForApplication(@Caller() caller: Principal, @Body() body: object): Promise<StepUpResponse> {
    return this.stepUps.stepUpForApplication(caller, body);
  }

  @Post('detachments')
  @ApiBody({ type: ProofOfAct, required: false })
  @AcceptsGrant()
  @InSession('detach', DetachmentResponse, {
    summary: 'Detach one’s identity from an account that a weaker proof attached it to',
    description:
      'For a person whose identity was attached to another person’s account. With the grant for `account.detach` of a ' +
      'sign-in that the platform itself signed, for the identity of this session; or with an answer to a challenge ' +
      'for this, for the identity that answers. The identity gets an account of its own; its sessions here end. The level of the account ' +
      'is not required.',
    status: 201,
    errors: [
      'account.other_person',
      'auth.assurance_too_low',
      'identity.last_one',
      'identity.not_detachable',
    ],
  })
  detach(@Caller() caller: Principal, @Body() body?: object): Promise<DetachmentResponse> {
    return this.detachments.detachOwn(caller, body);
  }
}
