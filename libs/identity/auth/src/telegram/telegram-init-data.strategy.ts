import { Injectable } from '@nestjs/common';
import { initDataRefusals } from '@countersign/telegram';
import type { DoorAnswer, PastedProof } from '../doors/door';
import { botCodes, signInCodes } from '../doors/door-codes';
import { EXAMPLE_INIT_DATA, InitDataSignIn } from '../doors/init-data-sign-in';
import { pastedBody, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { BodyStrategy } from '../doors/strategy';
import { InitDataVerifier } from './init-data-verifier';

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
export class TelegramInitDataStrategy extends BodyStrategy<InitDataSignIn>('telegram-init-data') {
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
    reaches: {
      platform: 'POST /v1/auth/telegram/init-data with the Ed25519 `signature`',
      'bot-token': 'POST /v1/auth/telegram/init-data',
    },
    metric: 'telegram_init_data',
  };

  constructor(private readonly verifier: InitDataVerifier) {
    super();
  }

  protected verify(read: InitDataSignIn): Promise<DoorAnswer> {
    return this.verifier.verify('telegram', read);
  }

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }
}
