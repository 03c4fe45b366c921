import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Ip,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ADMIN_PREFIX,
  assertFromConsole,
  csrfTokenOf,
  FailedAuthentications,
  PrincipalSessions,
  readSessionCookie,
  sessionCookie,
  signedOutCookies,
} from '@countersign/admin';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { AppError } from '@countersign/errors';
import { CountsFailures } from '@countersign/limits';
import { CompanyProvider } from './company-provider';
import { ConsoleSignIn, type Redirect } from './console-sign-in';
import { ConsoleIsOnGuard } from './console-is-on.guard';
import { ConsoleSignInRequest, type ConsoleState } from './dto';

/** Sign-in and sign-out of the page; all else it does by the administration API. */
@Controller(`${ADMIN_PREFIX}/console`)
@ApiExcludeController()
@UseGuards(ConsoleIsOnGuard)
export class ConsoleController {
  constructor(
    private readonly sessions: PrincipalSessions,
    private readonly failures: FailedAuthentications,
    private readonly signIn: ConsoleSignIn,
    private readonly provider: CompanyProvider,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async state(@Req() request: FastifyRequest): Promise<ConsoleState> {
    const hasProvider = this.provider.isConfigured;
    if (readSessionCookie(request.headers.cookie) === null) return { hasProvider, session: null };
    try {
      const { principal, token, sessionId, expiresAt, endsAt } = await this.sessions.ofRequest(request);
      const { principalId, name, scopes } = principal;
      return {
        hasProvider,
        session: {
          principalId,
          name,
          scopes,
          sessionId,
          csrfToken: csrfTokenOf(token),
          expiresAt: expiresAt.toISOString(),
          endsAt: endsAt.toISOString(),
        },
      };
    } catch (error) {
      if (error instanceof AppError && error.code === 'principal.unauthenticated')
        return { hasProvider, session: null };
      throw error;
    }
  }

  @Post('session')
  @CountsFailures('principal')
  @HttpCode(204)
  async begin(
    @Body() { principalId, secret }: ConsoleSignInRequest,
    @Ip() address: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // Otherwise another site could sign this browser in as another principal.
    assertFromConsole(request, this.configuration.consoleUrl ?? '');
    const token = await this.failures.watch({ address, principalId: principalId.toLowerCase() }, reply, () =>
      this.sessions.beginWithSecret({ by: 'secret', principalId, secret }),
    );
    void reply.header('set-cookie', sessionCookie(token));
  }

  @Delete('session')
  @HttpCode(204)
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const { principal, sessionId } = await this.sessions.ofRequest(request);
    await this.sessions.end(principal.principalId, sessionId);
    void reply.header('set-cookie', signedOutCookies(this.clock.now()));
  }

  @Get('sign-in')
  async start(@Req() { headers }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await redirect(reply, await this.signIn.start(headers.cookie));
  }

  @Get('callback')
  async finish(@Req() { url, headers }: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const [, query = ''] = url.split('?', 2);
    await redirect(reply, await this.signIn.finish(query, headers.cookie));
  }
}

async function redirect(reply: FastifyReply, { location, cookies }: Redirect): Promise<void> {
  await reply.header('set-cookie', [...cookies]).redirect(location, 303);
}
