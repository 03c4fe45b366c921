import { Get, Query, Req, Res, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers, ApiController, GetOnlyGuard, LimitsCalls } from '@countersign/http';
import { TakesProof, Verified } from '../doors/sign-in-route';
import { OidcSignInService, type OidcRedirect } from './oidc-sign-in.service';
import { StartOidcQuery } from './start-oidc.query';
import { TelegramOidcDoor } from './telegram-oidc.door';

const COOKIE = '__Host-oidc-0123456789abcdef';

@ApiController('v1/auth/telegram/oidc', 'Sign in')
@UseGuards(GetOnlyGuard)
export class OidcController {
  constructor(private readonly signIns: OidcSignInService) {}

  @Get('start')
  @ApiResponse({ status: 302, headers: headersOf('Telegram.', 'https://oauth.telegram.org/auth?...') })
  @Answers('startTelegramLogin', null, {
    summary: 'Send the browser to Log In With Telegram',
    description:
      'The page navigates there. The browser comes back to `redirectUri` with `state` and either `code`, for the ' +
      'exchange call, or `error` (`access_denied`, `server_error`, `temporarily_unavailable`) and the error code in ' +
      '`error_description`.',
    status: 302,
    answerDescription:
      'Redirect to Telegram, or to `redirectUri` with an error while Telegram is unavailable.',
    errors: [
      'application.not_found',
      'bot.ambiguous',
      'bot.disabled',
      'bot.oidc_not_configured',
      'oidc.redirect_uri_not_allowed',
      'service.unavailable',
    ],
  })
  @LimitsCalls('redirect')
  async start(
    @Query() query: StartOidcQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    redirect(await this.signIns.start(query, request.headers.host), request, reply);
  }

  @Get('callback')
  @UseGuards(AuthGuard('telegram-oidc'))
  @TakesProof(TelegramOidcDoor.declaration, null, {
    status: 302,
    answerDescription: 'Redirect to `redirectUri`, with a code for the exchange call or with an error.',
  })
  @ApiResponse({
    status: 302,
    headers: headersOf('`redirectUri` of the start.', 'https://game.example.com/signed-in?code=cs_rc_...'),
  })
  finish(
    @Verified() ended: OidcRedirect,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    redirect(ended, request, reply);
  }
}

function redirect(
  { location, cookie, errorCode }: OidcRedirect,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (errorCode !== null) request.problemCode = errorCode;
  if (cookie !== null) void reply.header('set-cookie', cookie);
  void reply.header('location', location);
}

function headersOf(description: string, location: string): Record<string, object> {
  return {
    Location: { description, schema: { type: 'string', format: 'uri', example: location } },
    'Set-Cookie': {
      description: 'Binds the sign-in to the browser; deleted at its end.',
      schema: {
        type: 'string',
        example: `${COOKIE}=...; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax`,
      },
    },
  };
}
