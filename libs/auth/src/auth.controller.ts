import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '@countersign/http';
import { LimitsRefusals, noteVerdict } from '@countersign/limits';
import {
  credentialsOf,
  deviceKeyErrorCodes,
  OwnSessionsService,
  RequestAuthenticator,
} from '@countersign/sessions';
import { doorErrorCodes } from './auth.errors';
import type { VerifiedSignIn } from './doors/door';
import { SignInDoor } from './doors/sign-in-door';
import { Verified } from './doors/verified';
import { RefreshRequest } from './dto/refresh.request';
import { SignInResponse } from './dto/sign-in.response';
import { ExchangeRequest, ExchangeStrategy } from './exchange/exchange.door';
import { RefreshSignInService } from './sign-in/refresh-sign-in.service';
import { SignInService } from './sign-in/sign-in.service';

@Controller('v1/auth')
@ApiTags('Sign in')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly refreshes: RefreshSignInService,
    private readonly sessions: OwnSessionsService,
    private readonly requests: RequestAuthenticator,
  ) {}

  @Post('exchange')
  @ApiOperation({
    operationId: 'exchangeCode',
    summary: 'Exchange the one-time code of a sign-in by redirect for tokens',
  })
  @ApiBody({ type: ExchangeRequest })
  @SignInDoor(ExchangeStrategy)
  @Answers(SignInResponse, { description: 'Signed in.', errors: doorErrorCodes.exchange })
  exchange(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }

  @Post('refresh')
  @LimitsRefusals('refresh')
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Exchange a refresh token for the next pair',
    description:
      'Repeated within ten seconds it answers the same pair; a used token that comes back later ends the session.',
  })
  @Answers(SignInResponse, {
    description: 'Refreshed.',
    errors: [
      ...doorErrorCodes.initData.filter((code) => /^(bot|init_data|request)\./.test(code)),
      'request.rate_limited',
      'service.unavailable',
      'session.account_switched',
      'session.ended',
      'session.expired',
      'session.refresh_reused',
      'session.token_invalid',
      ...deviceKeyErrorCodes,
    ],
  })
  async refresh(
    @Body() body: RefreshRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignInResponse> {
    const count = this.refreshes.startCount();
    try {
      return await this.refreshes.refresh(body, request, count);
    } finally {
      if (count.verdict) noteVerdict(reply, count.verdict);
    }
  }

  @Post('logout')
  @ApiOperation({ operationId: 'logout', summary: 'End the session of the access token' })
  @ApiSecurity('boundAccessToken')
  @ApiBearerAuth('accessToken')
  @Answers(null, {
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
    return this.sessions.logout(credentials, this.requests.shownBy(request), origin);
  }
}
