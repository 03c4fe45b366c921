import { Body, Controller, Get, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertFromConsole, PrincipalSessions, sessionCookie } from '@countersign/admin';
import { sha256 } from '@countersign/crypto';
import { requestError } from '@countersign/http';
import { DeveloperKeys, DEVELOPER_PATH as PATH } from './developer-keys';
import { DeveloperPrincipal } from './developer-principal';
import { OnlyHereGuard } from './only-here.guard';

/** Browsers do not send the fragment, so no log has the key. It leaves the history before it is used. */
const SCRIPT = `
const key = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
const headers = { 'content-type': 'application/json' };
const { ok } = await fetch(location.pathname, { method: 'POST', headers, body: JSON.stringify({ key }) });
if (ok) location.replace('/console');
else document.querySelector('p').textContent =
  'This link was used, or is of an earlier start. The terminal of "npm start" shows the next one.';
`;
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign console</title><p role="status">Signing in ...</p><script type="module">${SCRIPT}</script></html>`;
const POLICY = `default-src 'none'; script-src 'sha256-${sha256(SCRIPT).toString('base64')}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

class DeveloperSignInRequest {
  @IsString()
  @MaxLength(100)
  key: string;
}

/**
 * Signs the holder of a key in to the console, as a principal with all scopes. It accepts requests of this machine from
 * this page only: another page in the browser has neither the key nor the origin.
 */
@Controller(PATH)
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class DeveloperSignInController {
  constructor(
    private readonly keys: DeveloperKeys,
    private readonly developer: DeveloperPrincipal,
    private readonly sessions: PrincipalSessions,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('cache-control', 'no-store')
  page(): string {
    return PAGE;
  }

  @Post()
  @HttpCode(204)
  async signIn(
    @Body() { key }: DeveloperSignInRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    assertFromConsole(request, this.keys.consoleUrl);
    if (!this.keys.use(key)) throw requestError('request.route_not_found');
    const credentials = await this.developer.renewSecret('console');
    void reply.header('set-cookie', sessionCookie(await this.sessions.beginWithSecret(credentials)));
  }
}
