import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Headers, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Clock } from '@countersign/clock';
import { loginWidgetQuery, tgAuthResultOf, type LoginWidgetData } from '@countersign/fake-telegram';
import { requestError } from '@countersign/http';
import { DemoBots } from './demo-bots';
import { personOf, signWithWallet } from './made-up-people';
import { signWithTonWallet } from './made-up-ton-wallet';
import { OnlyHereGuard } from './only-here.guard';
import {
  BrowserPerson,
  InitDataWanted,
  LaunchWanted,
  OfPerson,
  TonProofWanted,
  WalletWanted,
} from './playground.dto';
import { PlaygroundSettings } from './playground.settings';

/** The cookie that names the person whose Mini App was launched last in this browser. */
const LAUNCHED = 'playground-launched';

/** Signs as made-up people and their wallets do, at this moment. */
@Controller('playground')
@ApiExcludeController()
@UseGuards(OnlyHereGuard)
export class SignerController {
  constructor(
    private readonly settings: PlaygroundSettings,
    private readonly bots: DemoBots,
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
    const wanted = { id: Number(id), ...(startapp !== undefined && { startParam: startapp }) };
    const query =
      startapp === undefined ? '' : `?${new URLSearchParams({ tgWebAppStartParam: startapp }).toString()}`;
    const fragment = new URLSearchParams({
      tgWebAppData: this.launchOf(wanted, this.settings.botToken),
      tgWebAppVersion: '9.0',
    });
    await reply
      .header('set-cookie', `${LAUNCHED}=${id}; Path=/playground; HttpOnly; SameSite=Strict`)
      .header('cache-control', 'no-store')
      .redirect(`/playground${query}#${fragment.toString()}`, 302);
  }

  /** Init data of a launch on another device: never of the person whose Mini App runs in this browser. */
  @Post('init-data')
  async initData(
    @Body() wanted: InitDataWanted,
    @Headers('cookie') cookies: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isRunning = cookies?.split('; ').includes(`${LAUNCHED}=${wanted.id}`);
    const answer = isRunning
      ? { title: 'A launch has one init data: open the Mini App again.' }
      : { initData: this.launchOf(wanted, this.settings.botToken) };
    await reply.status(isRunning ? 409 : 200).send(answer);
  }

  /** What OpenWeb3 hands to a Mini App: without a signature of the platform. */
  @Post('openweb3-init-data')
  @HttpCode(200)
  openWeb3InitData(@Body() wanted: InitDataWanted): { readonly initData: string } {
    return { initData: this.launchOf(wanted, this.bots.openWeb3Token, true) };
  }

  /** What the Login Widget gives to a web page, in its three forms. */
  @Post('login-widget')
  @HttpCode(200)
  loginWidget(@Body() { id }: OfPerson): {
    readonly data: LoginWidgetData;
    readonly query: string;
    readonly tgAuthResult: string;
  } {
    const { botToken, telegram } = this.settings;
    const data = telegram.signLoginWidget({ botToken, user: personOf(id), authDate: this.clock.now() });
    return { data, query: loginWidgetQuery(data), tgAuthResult: tgAuthResultOf(data) };
  }

  /** Who is at the browser, when Log In With Telegram asks next. */
  @Post('telegram-browser')
  @HttpCode(204)
  telegramBrowser(@Body() { id }: BrowserPerson): void {
    const { telegramLogin } = this.settings;
    if (telegramLogin === null) throw requestError('request.route_not_found');
    telegramLogin.nextPerson = id === undefined ? null : personOf(id);
  }

  @Post('wallet')
  @HttpCode(200)
  wallet(@Body() { id, message }: WalletWanted): ReturnType<typeof signWithWallet> {
    return signWithWallet(id, message);
  }

  @Post('ton-wallet')
  @HttpCode(200)
  tonWallet(@Body() { id, payload, domain = '' }: TonProofWanted): ReturnType<typeof signWithTonWallet> {
    return signWithTonWallet(id, payload === undefined ? null : { payload, domain, at: this.clock.now() });
  }

  private launchOf({ id, startParam }: InitDataWanted, botToken: string, omitSignature = false): string {
    return this.settings.telegram.signInitData({
      botToken,
      user: personOf(id),
      authDate: this.clock.now(),
      // Two launches in one second are two proofs.
      queryId: `AAH${randomUUID().replaceAll('-', '')}`,
      omitSignature,
      ...(startParam !== undefined && { startParam }),
    });
  }
}
