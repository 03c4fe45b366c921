import { Body, Post, Req, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AddRouteConfig, Answers, ApiController, assertBodyRead, LimitsRefusals } from '@countersign/http';
import {
  credentialsOf,
  deviceKeyErrorCodes,
  OwnSessionsService,
  RequestAuthenticator,
} from '@countersign/sessions';
import { initDataRefusals } from '@countersign/proofs';
import { botCodes, type VerifiedSignIn } from './doors/door';
import { SignInResponse } from './dto/sign-in.response';
import { RefreshRequest, RefreshSignInService } from './sign-in/refresh-sign-in.service';
import { SignInGuard, SignsIn, Verified } from './doors/sign-in-route';
import { RedirectCodeDoor } from './exchange/redirect-code.door';
import { OpenWeb3InitDataDoor, TelegramInitDataDoor } from './telegram/init-data.doors';
import { SignInService } from './sign-in/sign-in.service';
import { LoginWidgetDoor } from './telegram/login-widget.door';

@ApiController('v1/auth', 'Sign in')
export class AuthController {
  constructor(
    private readonly refreshes: RefreshSignInService,
    private readonly sessions: OwnSessionsService,
    private readonly requests: RequestAuthenticator,
  ) {}

  @Post('refresh')
  @LimitsRefusals('refresh')
  @Answers('refresh', SignInResponse, {
    summary: 'Exchange a refresh token for the next pair',
    description:
      'Idempotent until the new pair is used, as long as its access token lives unused, and for ten seconds anyway: a repeated call gets the ' +
      'same pair. A used token that is sent later ends the session.',
    answerDescription: 'Refreshed.',
    errors: [
      ...botCodes,
      ...Object.keys(initDataRefusals),
      'request.origin_not_allowed',
      'service.unavailable',
      'session.account_switched',
      'session.ended',
      'session.expired',
      'session.method_off',
      'session.refresh_reused',
      'session.token_invalid',
      ...deviceKeyErrorCodes,
    ],
  })
  refresh(@Body() body: RefreshRequest, @Req() request: FastifyRequest): Promise<SignInResponse> {
    return this.refreshes.refresh(body, request);
  }

  @Post('logout')
  // The service checks the caller.
  @AddRouteConfig({ checksCallerFirst: true })
  @ApiSecurity('boundAccessToken')
  @ApiBearerAuth('accessToken')
  @Answers('logout', null, {
    summary: 'End the session of the access token',
    description: 'Its tokens are refused from now on. Ending it again is no error.',
    errors: [
      'request.origin_not_allowed',
      'service.unavailable',
      'session.token_invalid',
      'session.token_missing',
      ...deviceKeyErrorCodes,
    ],
  })
  logout(@Req() request: FastifyRequest): Promise<void> {
    const { origin } = request.headers;
    const credentials = credentialsOf(request.headers.authorization);
    return this.sessions.logout(credentials, this.requests.shownBy(request), origin, () => {
      assertBodyRead(request);
    });
  }
}

@ApiController('v1/auth', 'Sign in')
export class SignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('telegram/init-data')
  @UseGuards(AuthGuard('telegram-init-data'), SignInGuard)
  @SignsIn(TelegramInitDataDoor)
  withTelegramInitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('telegram/login-widget')
  @UseGuards(AuthGuard('login-widget'), SignInGuard)
  @SignsIn(LoginWidgetDoor)
  withLoginWidget(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('openweb3/init-data')
  @UseGuards(AuthGuard('openweb3-init-data'), SignInGuard)
  @SignsIn(OpenWeb3InitDataDoor)
  withOpenWeb3InitData(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('exchange')
  @UseGuards(AuthGuard('redirect-code'), SignInGuard)
  @SignsIn(RedirectCodeDoor)
  withCode(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}
