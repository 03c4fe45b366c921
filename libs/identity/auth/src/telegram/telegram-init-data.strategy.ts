import { Injectable } from '@nestjs/common';
import { initDataRefusals, MAX_INIT_DATA_BYTES } from '@countersign/telegram';
import { ApplicationsService, BOT_ID } from '@countersign/applications';
import { type FieldOptions, Matching, Text } from '@countersign/http';
import { type VerifiedSignIn, type PastedProof, botCodes, signInCodes } from '../doors/door';
import { pastedBody, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { BodyStrategy } from '../doors/strategy';
import { InitDataVerifier } from './init-data-verifier';
import { BOT_ID_MESSAGE, BotSignInRequest, SignInRequest } from '../doors/sign-in-request';

const EXAMPLE_INIT_DATA =
  'user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1763625600&signature=...&hash=...';

function InitDataProperty(options?: FieldOptions): PropertyDecorator {
  return Text('The init data of the Mini App as it is, at most 8 KiB.', EXAMPLE_INIT_DATA, {
    schema: { maxLength: MAX_INIT_DATA_BYTES },
    ...options,
  });
}

export class InitDataSignIn extends BotSignInRequest {
  @InitDataProperty({ input: 'required' })
  initData: string;
}

export class ThirdPartyInitDataSignIn extends SignInRequest {
  @InitDataProperty({ input: 'required' })
  initData: string;

  @Matching('The bot that launched the Mini App.', '7342037359', {
    input: 'required',
    pattern: BOT_ID,
    message: BOT_ID_MESSAGE,
  })
  botId: string;
}

/** What the declarations of all strategies for init data share. */
export const initDataDoor = {
  body: InitDataSignIn,
  proofFields: { initData: EXAMPLE_INIT_DATA },
  codes: [...signInCodes, ...botCodes, ...Object.keys(initDataRefusals)],
  refusals: 'sign-in',
  explain: { input: 'init-data', options: ['bot'] },
} as const;

/** Init data of the application's own Telegram bot. */
@Injectable()
export class TelegramInitDataStrategy extends BodyStrategy<InitDataSignIn> {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    name: 'telegram-init-data',
    operation: {
      operationId: 'signInWithTelegramInitData',
      summary: 'Sign in with the init data of a Mini App',
      description:
        'Send `Telegram.WebApp.initData` as it is. The hash, and the Ed25519 signature if present, are verified with a bot of ' +
        'the application. With `DPoP` the session is bound to the key of the proof.',
    },
    levels: {
      platform: 'POST /v1/auth/telegram/init-data with the Ed25519 `signature`',
      'bot-token': 'POST /v1/auth/telegram/init-data',
    },
    metric: 'telegram_init_data',
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly verifier: InitDataVerifier,
  ) {
    super();
  }

  protected async verify({ applicationId, initData, botId }: InitDataSignIn): Promise<VerifiedSignIn> {
    const { application, bot } = await this.applications.getSignInTarget(applicationId, 'telegram', botId);
    return { application, proof: this.verifier.verify(bot, initData, application.settings.initDataMaxAge) };
  }

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }
}
