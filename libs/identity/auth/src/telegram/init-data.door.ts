import { Injectable } from '@nestjs/common';
import { AcceptedBots } from '@countersign/applications';
import { initDataRefusals, thirdPartyInitDataRefusals } from '@countersign/telegram';
import { BodyDoor, type BodyDoorDeclaration } from '../doors/body-door';
import type { DoorAnswer } from '../doors/door';
import { botCodes, signInCodes } from '../doors/door-codes';
import { EXAMPLE_INIT_DATA, InitDataSignIn, ThirdPartyInitDataSignIn } from '../doors/init-data-sign-in';
import { InitDataVerifier } from './init-data-verifier';

/** The shared declaration of all doors for init data. */
export const initDataDoor = {
  method: 'POST',
  body: InitDataSignIn,
  proofFields: { initData: EXAMPLE_INIT_DATA },
  codes: [...signInCodes, ...botCodes, ...Object.keys(initDataRefusals)],
  refusals: 'sign-in',
  explain: { input: 'init-data', options: ['bot'] },
} as const;

/** A door for init data. */
@Injectable()
export abstract class InitDataDoor extends BodyDoor {
  constructor(protected readonly verifier: InitDataVerifier) {
    super();
  }
}

/** Init data of the application's own Telegram bot. */
@Injectable()
export class TelegramInitDataDoor extends InitDataDoor {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    path: 'telegram/init-data',
    operation: {
      operationId: 'signInWithTelegramInitData',
      summary: 'Sign in with the init data of a Mini App',
      description:
        'Send `Telegram.WebApp.initData` as it is. The hash, and the Ed25519 signature if present, are verified with a bot of ' +
        'the application. With `DPoP` the session is bound to the key of the proof.',
    },
    reaches: {
      platform: 'POST /v1/auth/telegram/init-data with the Ed25519 `signature`',
      'bot-token': 'POST /v1/auth/telegram/init-data',
    },
    metric: 'telegram_init_data',
  };

  protected verifyBody(body: InitDataSignIn): Promise<DoorAnswer> {
    return this.verifier.verify('telegram', body);
  }
}

/** Init data of a Telegram bot that the application allows, by Telegram's own signature. */
@Injectable()
export class ThirdPartyInitDataDoor extends InitDataDoor {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    path: 'telegram/third-party-init-data',
    body: ThirdPartyInitDataSignIn,
    operation: {
      operationId: 'signInWithThirdPartyInitData',
      summary: 'Sign in with the init data of another party’s bot',
      description:
        'By Telegram’s Ed25519 signature alone, for bots that the operator allows the application.',
    },
    codes: [
      ...signInCodes,
      'bot.ambiguous',
      'bot.disabled',
      'bot.not_accepted',
      ...Object.keys(thirdPartyInitDataRefusals),
    ],
    metric: 'telegram_third_party_init_data',
  };

  constructor(
    verifier: InitDataVerifier,
    private readonly acceptedBots: AcceptedBots,
  ) {
    super(verifier);
  }

  protected async verifyBody({
    applicationId,
    botId,
    initData,
  }: ThirdPartyInitDataSignIn): Promise<DoorAnswer> {
    const { application, environment } = await this.acceptedBots.get(applicationId, botId);
    const bot = { applicationId, botId, environment, rowId: null };
    const proof = this.verifier.verifySignature(bot, initData, application.settings.initDataMaxAge);
    const key = { provider: 'telegram', environment, botId } as const;
    return { proof, application, spend: (tx) => this.acceptedBots.assertListed(tx, applicationId, key) };
  }
}
