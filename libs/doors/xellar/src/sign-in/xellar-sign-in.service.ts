import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { carriesCode } from '@countersign/account';
import { ApplicationsService, type Application } from '@countersign/applications';
import {
  DoorChecks,
  LoginWidgetDoor,
  SignInService,
  TelegramInitDataDoor,
  type Door,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock, DAY, MINUTE, SECOND } from '@countersign/clock';
import { RequestAuthenticator, type DoorName } from '@countersign/sessions';
import type { XellarLoginResponse, XellarTelegramRequest } from '../dto/telegram.dto';
import type { XellarVersion } from '../protocol/xellar-route';
import { addressesOf, SessionAnswers } from '../tokens/session-answers';
import { xellarError } from '../xellar.errors';
import { readExpireDate } from './expire-date';
import { FlatInitDataDoor, isFlat } from './flat-init-data.door';

export interface LoginCall {
  readonly application: Application;
  readonly version: XellarVersion;
  readonly request: FastifyRequest;
}

const REFRESH_SECONDS = (7 * DAY) / SECOND;
/** Of access tokens of the session, which do not leave this service. */
const UNUSED_SECONDS = MINUTE / SECOND;

@Injectable()
export class XellarSignIn {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly checks: DoorChecks,
    private readonly initDataDoor: TelegramInitDataDoor,
    private readonly flatDoor: FlatInitDataDoor,
    private readonly widgetDoor: LoginWidgetDoor,
    private readonly signIns: SignInService,
    private readonly requests: RequestAuthenticator,
    private readonly answers: SessionAnswers,
    private readonly clock: Clock,
  ) {}

  async byTelegram(body: XellarTelegramRequest, call: LoginCall): Promise<XellarLoginResponse> {
    const { data, dataString } = body;
    if (data === undefined && dataString === undefined) throw xellarError('xellar.proof_required');
    const until = readExpireDate(body, this.clock.now());
    const applicationId = call.application.id;
    const bot = await this.applications.findBotNamed(applicationId, body.botUsername);
    if (!bot) throw xellarError('xellar.bot_not_found');
    const named = { applicationId, botId: bot.botId };
    const byWidget = data && (await this.verify(this.widgetDoor, { ...named, data }, call));
    if (dataString === undefined) return this.openSession(byWidget, 'xellar-login-widget', until, call);
    const presented = { ...named, initData: dataString };
    const byApp = isFlat(dataString)
      ? await this.verify(this.flatDoor, presented, call)
      : await this.verify(this.initDataDoor, presented, call);
    if (byWidget && byWidget.proof.subject !== byApp.proof.subject)
      throw xellarError('xellar.person_differs');
    if (carriesCode(byApp.proof.startParam)) throw xellarError('xellar.code_of_another_api');
    return this.openSession(byApp, 'xellar-mini-app', until, call);
  }

  private async verify<Presented>(
    door: Door<Presented>,
    presented: Presented,
    { request }: LoginCall,
  ): Promise<VerifiedSignIn> {
    const { origin, dpop } = request.headers;
    if (dpop !== undefined) throw xellarError('xellar.device_key_refused');
    return this.checks.check(await door.open(presented), origin, this.requests.shownBy(request));
  }

  private async openSession(
    verified: VerifiedSignIn | undefined,
    door: DoorName,
    until: number | null,
    { version }: LoginCall,
  ): Promise<XellarLoginResponse> {
    if (!verified) throw xellarError('xellar.proof_required');
    const signIn = {
      ...verified,
      application: this.withOwnTimes(verified.application, until),
      proof: { ...verified.proof, door },
    };
    await this.checks.count(signIn);
    const { answer, principal } = await this.signIns.open(signIn);
    const wallet = await this.answers.walletOf(principal);
    const refreshing = { token: answer.refreshToken, until };
    if (!wallet)
      return { accessToken: await this.answers.accessToken(principal, refreshing), isWalletCreated: false };
    const pair = await this.answers.pairFor(principal, wallet, version, refreshing);
    const addresses = version === 'v1' ? {} : { addresses: addressesOf(wallet) };
    return { ...pair, isWalletCreated: true, ...addresses };
  }

  /** Sessions of this API end when they are not refreshed for seven days, or at the end that the login asked for. */
  private withOwnTimes(application: Application, until: number | null): Application {
    const { settings } = application;
    const asked = until === null ? Infinity : Math.floor((until - this.clock.now().getTime()) / SECOND);
    const session = {
      accessIdle: UNUSED_SECONDS,
      accessAbsolute: UNUSED_SECONDS,
      refreshIdle: until === null ? REFRESH_SECONDS : Math.max(REFRESH_SECONDS, settings.session.absolute),
      absolute: Math.max(1, Math.min(settings.session.absolute, asked)),
    };
    return { ...application, settings: { ...settings, session } };
  }
}
