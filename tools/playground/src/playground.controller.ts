import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Controller, Get, Header, Headers, Param, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { requestError } from '@countersign/http';
import { people, type MadeUpPerson } from './made-up-people';
import { OnlyHereGuard } from './only-here.guard';
import { AUDIENCE, PlaygroundSettings } from './playground.settings';

const FILES = join(__dirname, '../page');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types: Readonly<Record<string, string>> = {
  'main.js': 'text/javascript; charset=utf-8',
  'main.js.map': 'application/json; charset=utf-8',
  'base.css': 'text/css; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
};

@Controller('playground')
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class PlaygroundController {
  constructor(private readonly settings: PlaygroundSettings) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  page(): Promise<string> {
    return readFile(join(FILES, 'index.html'), 'utf8');
  }

  @Get('files/:name')
  async file(@Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    const type = types[name];
    if (type === undefined) throw requestError('request.route_not_found');
    await reply.header('content-type', type).send(await readFile(join(FILES, name)));
  }

  @Get('people')
  people(): {
    readonly applicationId: string;
    readonly people: readonly MadeUpPerson[];
    readonly consoleUrl: string;
  } {
    const { applicationId, consoleUrl } = this.settings;
    return { applicationId, people, consoleUrl };
  }

  /** A gateway with the service behind it: asks the check, and answers what the service would get. */
  @Get(AUDIENCE)
  async behindGateway(
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { address, gatewayAddress } = this.settings;
    const { host, protocol } = new URL(address);
    const asked: Record<string, string> = {
      'x-forwarded-method': 'GET',
      'x-forwarded-proto': protocol.replace(':', ''),
      'x-forwarded-host': headers['host'] ?? host,
      'x-forwarded-uri': `/playground/${AUDIENCE}`,
    };
    for (const name of ['authorization', 'dpop']) {
      const value = headers[name];
      if (value !== undefined) asked[name] = value;
    }
    const answer = await fetch(`${gatewayAddress}/v1/gateway/authorize?audience=${AUDIENCE}`, {
      headers: asked,
    });
    for (const name of ['content-type', 'www-authenticate']) {
      const value = answer.headers.get(name);
      if (value !== null) void reply.header(name, value);
    }
    if (!answer.ok) {
      await reply.status(answer.status).send(await answer.text());
      return;
    }
    const passedOn = Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('x-')));
    await reply.send({ headers: passedOn, claims: claimsOf(passedOn['x-identity-token']) });
  }
}

/** Read, not verified: services verify it with `@countersign/identity-token`. */
function claimsOf(token: string | undefined): unknown {
  const [, payload] = token?.split('.') ?? [];
  return payload === undefined ? null : JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
}
