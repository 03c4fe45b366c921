import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { initDataRefusals, MAX_INIT_DATA_BYTES } from '@countersign/proofs';
import { ApplicationsService, BOT_ID, AcceptedBots, type Provider } from '@countersign/applications';
import { Matching, Text } from '@countersign/http';
import {
  accepted,
  botCodes,
  signInCodes,
  type ExplainedDoor,
  type PastedProof,
  type VerifiedSignIn,
} from '../doors/door';
import { pastedBody, readSignIn, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { InitDataVerifier } from './init-data-verifier';
import { BOT_ID_MESSAGE, BotSignInRequest, SignInRequest } from '../doors/sign-in-request';

const EXAMPLE_INIT_DATA =
  'user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1763625600&signature=...&hash=...';

function InitDataProperty(): PropertyDecorator {
  return Text('The init data of the Mini App as it is, at most 8 KiB.', EXAMPLE_INIT_DATA, {
    input: 'required',
    schema: { maxLength: MAX_INIT_DATA_BYTES },
  });
}

class InitDataSignIn extends BotSignInRequest {
  @InitDataProperty()
  initData: string;
}

class ThirdPartyInitDataSignIn extends SignInRequest {
  @InitDataProperty()
  initData: string;

  @Matching('The bot.', '7342037359', { input: 'required', pattern: BOT_ID, message: BOT_ID_MESSAGE })
  botId: string;
}

const initDataDoor = {
  body: InitDataSignIn,
  proofFields: { initData: EXAMPLE_INIT_DATA },
  codes: [...signInCodes, ...botCodes, ...Object.keys(initDataRefusals)],
  refusals: 'sign-in',
  explain: { input: 'init-data', options: ['bot'] },
} as const;

@Injectable()
abstract class OwnInitDataDoor implements ExplainedDoor {
  protected abstract readonly provider: Provider;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly verifier: InitDataVerifier,
  ) {}

  async open(body: unknown): Promise<VerifiedSignIn> {
    const read = readSignIn(InitDataSignIn, body);
    const { applicationId, initData, botId } = read;
    const { application, bot } = await this.applications.getSignInTarget(applicationId, this.provider, botId);
    const proof = this.verifier.verify(bot, initData, application.settings.initDataMaxAge);
    return accepted({ application, proof }, read);
  }

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }
}

@Injectable()
export class TelegramInitDataDoor extends OwnInitDataDoor {
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

  protected readonly provider = 'telegram';
}

/** Init data of an OpenWeb3 IM bot: Telegram's scheme without the signature of the platform. */
@Injectable()
export class OpenWeb3InitDataDoor extends OwnInitDataDoor {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    name: 'openweb3-init-data',
    operation: {
      operationId: 'signInWithOpenWeb3InitData',
      summary: 'Sign in with the init data of an OpenWeb3 Mini App',
      description:
        'Send the init data as it is. The hash is verified with an OpenWeb3 bot of the application.',
    },
    levels: { 'bot-token': 'POST /v1/auth/openweb3/init-data' },
    metric: 'openweb3_init_data',
  };

  protected readonly provider = 'openweb3';
}

@Injectable()
export class ThirdPartyInitDataDoor implements ExplainedDoor {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    name: 'telegram-third-party-init-data',
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
      ...Object.keys(initDataRefusals).filter((code) => !code.startsWith('init_data.hash_')),
    ],
    metric: 'telegram_third_party_init_data',
  };

  constructor(
    private readonly verifier: InitDataVerifier,
    private readonly acceptedBots: AcceptedBots,
  ) {}

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }

  async open(body: unknown): Promise<VerifiedSignIn> {
    const read = readSignIn(ThirdPartyInitDataSignIn, body);
    const { applicationId, botId, initData } = read;
    const { application, environment } = await this.acceptedBots.get(applicationId, botId);
    const bot = { applicationId, botId, environment, rowId: null };
    const proof = this.verifier.verifySignature(bot, initData, application.settings.initDataMaxAge);
    const key = { provider: 'telegram', environment, botId } as const;
    const consume = (tx: EntityManager) => this.acceptedBots.assertListed(tx, applicationId, key);
    return accepted({ proof, application, consume }, read);
  }
}
