import { Body, Controller, Delete, Get, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  ADMIN_PREFIX,
  AdminGuard,
  assertFromConsole,
  Caller,
  CountsFailures,
  csrfTokenOf,
  DemandOf,
  type IssuedToken,
  type Principal,
  PrincipalSessions,
  sessionCookie,
} from '@countersign/admin';
import { Configuration } from '@countersign/runtime';
import { AppError } from '@countersign/text';
import { CompanyProvider } from './company-provider';
import { ConsoleSignIn, type Redirect } from './console-sign-in';
import { ConsoleIsOnGuard } from './console-is-on.guard';
import { Id, Text } from '@countersign/http';

class ConsoleSignInRequest {
  @Id('The principal.', undefined, { input: 'required' })
  principalId: string;

  @Text('One of its secrets.', 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g', { input: 'required', max: 200 })
  secret: string;
}

class LoginTokenRequest {
  @Text('Of the provider, for the client of the command line.', 'eyJhbGciOiJSUzI1NiJ9', {
    input: 'required',
    max: 16_000,
  })
  idToken: string;
}

interface ConsoleState {
  readonly hasProvider: boolean;
  readonly session: {
    readonly principalId: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly sessionId: string;
    readonly csrfToken: string;
    readonly expiresAt: string;
    readonly endsAt: string;
  } | null;
}

/** Signs the page and the command line in. The page uses the administration API for everything else. */
@Controller(`${ADMIN_PREFIX}/console`)
@ApiExcludeController()
@UseGuards(ConsoleIsOnGuard)
export class ConsoleController {
  constructor(
    private readonly sessions: PrincipalSessions,
    private readonly signIn: ConsoleSignIn,
    private readonly provider: CompanyProvider,
    private readonly configuration: Configuration,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async state(@Req() request: FastifyRequest): Promise<ConsoleState> {
    const hasProvider = this.provider.isConfigured;
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
  @CountsFailures()
  @HttpCode(204)
  async begin(
    @Body() { principalId, secret }: ConsoleSignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // Otherwise another site could sign this browser in as another principal.
    assertFromConsole(request, this.configuration.consoleUrl ?? '');
    const token = await this.sessions.beginWithSecret({ principalId, secret });
    void reply.header('set-cookie', sessionCookie(token));
  }

  @Delete('session')
  @HttpCode(204)
  async end(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    assertFromConsole(request, this.configuration.consoleUrl ?? '');
    const { session } = await this.state(request);
    if (session) await this.sessions.end(session.principalId, session.sessionId);
    // The session may have ended, but the provider's session may continue.
    void reply.header('set-cookie', this.sessions.signedOutCookies());
  }

  /** For `countersign login`. It reads no cookie. */
  @Post('token')
  @CountsFailures()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  issue(@Body() { idToken }: LoginTokenRequest): Promise<IssuedToken> {
    return this.signIn.issue(idToken);
  }

  @Delete('token')
  @UseGuards(AdminGuard)
  @DemandOf('any')
  @HttpCode(204)
  endToken(@Caller() caller: Principal): Promise<void> {
    return this.sessions.endToken(caller);
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
