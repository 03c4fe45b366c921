import { randomUUID } from 'node:crypto';
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
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Clock } from '@countersign/runtime';
import { MayBeAbsent, requestError } from '@countersign/http';
import { FIRST_ID, LAST_ID, people, personOf } from './made-up-people';
import { OnlyHereGuard } from './only-here.guard';
import { PlaygroundSettings } from './playground.settings';

const FILES = join(__dirname, '../page');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types: Readonly<Record<string, string>> = {
  'main.js': 'text/javascript; charset=utf-8',
  'base.css': 'text/css; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
};

class InitDataWanted {
  @IsInt()
  @Min(FIRST_ID)
  @Max(LAST_ID)
  id: number;

  @MayBeAbsent()
  @IsString()
  @MaxLength(512)
  startParam?: string;
}

class LaunchWanted {
  @Matches(/^4000000\d{9}$/)
  id: string;
}

class ConsentWanted {
  @MayBeAbsent()
  @Matches(/^[\w-]{1,64}$/)
  startapp?: string;
}

/** This cookie has the id of the person whose Mini App was opened last in this browser. */
const LAUNCHED = 'playground-launched';

@Controller('playground')
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class PlaygroundController {
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly clock: Clock,
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
  people(): object {
    const { applicationId, consoleUrl } = this.settings;
    return { applicationId, people, consoleUrl };
  }

  @Post('init-data')
  @HttpCode(200)
  initData(@Body() { id, startParam }: InitDataWanted): { readonly initData: string } {
    return { initData: this.launchOf(id, startParam) };
  }

  @Get('launch')
  async launch(@Query() { id }: LaunchWanted, @Res() reply: FastifyReply): Promise<void> {
    const fragment = new URLSearchParams({
      tgWebAppData: this.launchOf(Number(id)),
      tgWebAppVersion: '9.0',
    });
    await reply
      .header('set-cookie', `${LAUNCHED}=${id}; Path=/playground; HttpOnly; SameSite=Strict`)
      .header('cache-control', 'no-store')
      .redirect(`/playground#${fragment.toString()}`, 302);
  }

  /** Opens the consent bot for the person whose Mini App was opened last, as its link does on a phone. */
  @Get('consent')
  async consent(
    @Query() { startapp }: ConsentWanted,
    @Headers('cookie') cookies: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [, id] = new RegExp(`${LAUNCHED}=(\\d+)`).exec(cookies ?? '') ?? [];
    const { consent } = this.settings;
    if (!consent || id === undefined) throw requestError('request.route_not_found');
    const tgWebAppData = this.launchOf(Number(id), startapp, consent.botToken);
    await reply
      .header('cache-control', 'no-store')
      .redirect(`${consent.url}/#${new URLSearchParams({ tgWebAppData }).toString()}`, 302);
  }

  private launchOf(id: number, startParam?: string, botToken = this.settings.botToken): string {
    return this.settings.telegram.signInitData({
      botToken,
      user: personOf(id),
      authDate: this.clock.now(),
      // Two launches in one second need different proofs.
      queryId: `AAH${randomUUID().replaceAll('-', '')}`,
      ...(startParam !== undefined && { startParam }),
    });
  }
}
