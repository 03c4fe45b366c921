import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Body,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  Param,
  Post,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Chains, type Chain } from '@countersign/chains';
import { requestError } from '@countersign/http';
import { AUDIENCE, Gateway, type RequestHeaders } from './gateway';
import { people, type MadeUpPerson } from './made-up-people';
import { OnlyHereGuard } from './only-here.guard';
import { TestCoinsWanted } from './playground.dto';
import { PlaygroundSettings } from './playground.settings';

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
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly gateway: Gateway,
    private readonly chains: Chains,
  ) {}

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
    /** Whether Log In With Telegram ends at the fake one. */
    readonly hasTelegramLogin: boolean;
    /** Those on which embedded wallets of these people send. */
    readonly chains: readonly Pick<Chain, 'id' | 'kind' | 'name' | 'currency' | 'tokens'>[];
    readonly hasTestCoins: boolean;
  } {
    const { applicationId, telegramLogin, testCoins } = this.settings;
    const sending = this.chains.list().filter((chain) => chain.sending && chain.environment === 'production');
    return {
      applicationId,
      people,
      hasTelegramLogin: telegramLogin !== null,
      chains: sending.map(({ id, kind, name, currency, tokens }) => ({ id, kind, name, currency, tokens })),
      hasTestCoins: testCoins !== null,
    };
  }

  /** Coins and tokens of a chain on which they cost nothing. */
  @Post('test-coins')
  @HttpCode(204)
  async testCoins(@Body() wanted: TestCoinsWanted): Promise<void> {
    const { testCoins } = this.settings;
    if (testCoins === null) throw requestError('request.route_not_found');
    const { ok } = await fetch(testCoins, { method: 'POST', body: JSON.stringify(wanted) });
    if (!ok) throw requestError('request.route_not_found');
  }

  /** A gateway with the service behind it: asks the check, and answers what the service would get. */
  @Get(AUDIENCE)
  async behindGateway(@Headers() headers: RequestHeaders, @Res() reply: FastifyReply): Promise<void> {
    const passedOn = await this.gateway.check(
      { method: 'GET', path: `/playground/${AUDIENCE}` },
      headers,
      reply,
    );
    if (passedOn === null) return;
    await reply.send({ headers: passedOn, claims: claimsOf(passedOn['x-identity-token']) });
  }
}

/** Read, not verified: services verify it with `@countersign/identity-token`. */
function claimsOf(token: string | undefined): unknown {
  const [, payload] = token?.split('.') ?? [];
  return payload === undefined ? null : JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
}
