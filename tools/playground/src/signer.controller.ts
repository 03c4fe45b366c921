import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '@countersign/clock';
import { requestError, MayBeAbsent } from '@countersign/http';
import { personOf, FIRST_ID, LAST_ID } from './made-up-people';
import { OnlyHereGuard } from './only-here.guard';
import { PlaygroundSettings } from './playground.settings';
import { IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

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

  @MayBeAbsent()
  @Matches(/^[\w-]{1,512}$/)
  startapp?: string;
}

class ConsentWanted {
  @MayBeAbsent()
  @Matches(/^[\w-]{1,64}$/)
  startapp?: string;
}

/** The cookie that names the person whose Mini App was launched last in this browser. */
const LAUNCHED = 'playground-launched';

/** Signs init data of made-up people, at this moment. */
@Controller('playground')
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class SignerController {
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens the Mini App, as a client of Telegram does: init data comes with the launch, and with nothing else. Scripts get
   * none, since no client of Telegram gives a running page another one.
   */
  @Get('launch')
  async launch(
    @Query() { id, startapp }: LaunchWanted,
    @Headers('sec-fetch-mode') mode: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (mode !== undefined && mode !== 'navigate') throw requestError('request.route_not_found');
    const query =
      startapp === undefined ? '' : `?${new URLSearchParams({ tgWebAppStartParam: startapp }).toString()}`;
    const fragment = new URLSearchParams({
      tgWebAppData: this.launchOf(Number(id), startapp),
      tgWebAppVersion: '9.0',
    });
    await reply
      .header('set-cookie', `${LAUNCHED}=${id}; Path=/playground; HttpOnly; SameSite=Strict`)
      .header('cache-control', 'no-store')
      .redirect(`/playground${query}#${fragment.toString()}`, 302);
  }

  /** Opens the consent bot for the person whose Mini App was launched last, as its link does on their phone. */
  @Get('consent')
  async consent(
    @Query() { startapp }: ConsentWanted,
    @Headers('sec-fetch-mode') mode: string | undefined,
    @Headers('cookie') cookies: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [, id] = new RegExp(`${LAUNCHED}=(\\d+)`).exec(cookies ?? '') ?? [];
    const { consent } = this.settings;
    if ((mode !== undefined && mode !== 'navigate') || !consent || id === undefined)
      throw requestError('request.route_not_found');
    const tgWebAppData = this.launchOf(Number(id), startapp, consent.botToken);
    await reply
      .header('cache-control', 'no-store')
      .redirect(`${consent.url}/#${new URLSearchParams({ tgWebAppData }).toString()}`, 302);
  }

  /** Init data of a launch on another device: never of the person whose Mini App runs in this browser. */
  @Post('init-data')
  async initData(
    @Body() { id, startParam }: InitDataWanted,
    @Headers('cookie') cookies: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isRunning = cookies?.split('; ').includes(`${LAUNCHED}=${id}`);
    const answer = isRunning
      ? { title: 'A launch has one init data: open the Mini App again.' }
      : { initData: this.launchOf(id, startParam) };
    await reply.status(isRunning ? 409 : 200).send(answer);
  }

  private launchOf(id: number, startParam?: string, botToken = this.settings.botToken): string {
    return this.settings.telegram.signInitData({
      botToken,
      user: personOf(id),
      authDate: this.clock.now(),
      // Two launches in one second are two proofs.
      queryId: `AAH${randomUUID().replaceAll('-', '')}`,
      ...(startParam !== undefined && { startParam }),
    });
  }
}
