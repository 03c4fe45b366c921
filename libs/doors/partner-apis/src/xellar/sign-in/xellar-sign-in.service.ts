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
import { Clock, DAY, MINUTE, SECOND } from '@countersign/runtime';
import { assertBodyRead, readKnown } from '@countersign/http';
import { RequestAuthenticator, type LoginMethod, sessionSettings } from '@countersign/sessions';
import { XellarTelegramRequest, type XellarLoginResponse } from '../dto/telegram.dto';
import type { XellarVersion } from '../protocol/xellar-route';
import { addressesOf, SessionAnswers } from '../tokens/session-answers';
import { xellarError } from '../xellar.errors';
import { readExpireDate } from './expire-date';
import { FlatInitDataDoor, isFlat, type FlatInitData } from './flat-init-data.door';
import { xellarMethods } from '../xellar.feature';

/** A verified login with the session end that it asked for, in milliseconds since 1970. */
export interface XellarLogin extends VerifiedSignIn {
  readonly until: number | null;
}

const REFRESH_SECONDS = (7 * DAY) / SECOND;
/** The lifetime of the session's access tokens, which never leave this service. */
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

  async verify(request: FastifyRequest): Promise<XellarLogin> {
    assertBodyRead(request);
    const { xellarApplication: application } = request;
    if (!application) throw xellarError('xellar.application_required');
    const body = readKnown(XellarTelegramRequest, request.body);
    const { data, dataString } = body;
    if (data === undefined && dataString === undefined) throw xellarError('xellar.proof_required');
    const until = readExpireDate(body, this.clock.now());
    const bot = await this.applications.findBotNamed(application.id, body.botUsername);
    if (!bot) throw xellarError('xellar.bot_not_found');
    const named = { applicationId: application.id, botId: bot.botId };
    const byWidget = data && (await this.widgetDoor.open({ ...named, data }));
    if (byWidget && dataString === undefined)
      return this.check(byWidget, xellarMethods.loginWidget, until, request);
    const initData = dataString ?? '';
    const door: Door<FlatInitData> = isFlat(initData) ? this.flatDoor : this.initDataDoor;
    const byApp = await door.open({ ...named, initData });
    if (byWidget && byWidget.proof.subject !== byApp.proof.subject)
      throw xellarError('xellar.person_differs');
    if (carriesCode(byApp.proof.startParam)) throw xellarError('xellar.code_of_another_api');
    return this.check(byApp, xellarMethods.miniApp, until, request);
  }

  async openSession({ until, ...signIn }: XellarLogin, version: XellarVersion): Promise<XellarLoginResponse> {
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

  private async check(
    verified: VerifiedSignIn,
    door: LoginMethod,
    until: number | null,
    request: FastifyRequest,
  ): Promise<XellarLogin> {
    const { origin, dpop } = request.headers;
    if (dpop !== undefined) throw xellarError('xellar.device_key_refused');
    const checked = await this.checks.check(verified, origin, this.requests.shownBy(request));
    const application = this.withOwnTimes(checked.application, until);
    return { ...checked, application, proof: { ...checked.proof, door }, until };
  }

  /** Sessions of this API end after seven days without a refresh, or at the end that the login asked for. */
  private withOwnTimes(application: Application, until: number | null): Application {
    const { settings } = application;
    const asked = until === null ? Infinity : Math.floor((until - this.clock.now().getTime()) / SECOND);
    const session = {
      accessIdle: UNUSED_SECONDS,
      accessAbsolute: UNUSED_SECONDS,
      refreshIdle:
        until === null ? REFRESH_SECONDS : Math.max(REFRESH_SECONDS, sessionSettings.of(settings).absolute),
      absolute: Math.max(1, Math.min(sessionSettings.of(settings).absolute, asked)),
    };
    return { ...application, settings: sessionSettings.replacedIn(settings, session) };
  }
}
