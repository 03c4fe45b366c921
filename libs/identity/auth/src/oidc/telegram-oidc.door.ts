import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application, type Bot } from '@countersign/applications';
import {
  accepted,
  type Door,
  type DoorDeclaration,
  type PastedProof,
  type VerifiedSignIn,
} from '../doors/door';
import { proofOfIdToken } from './id-token-proof';
import { TelegramOidc } from './telegram-oidc';

const START = 'GET /v1/auth/telegram/oidc/start';

/** The id token of a login. */
interface OidcLogin {
  readonly application: Application;
  readonly bot: Bot;
  /** Telegram's, that it was given for. */
  readonly code: string;
  readonly idToken: string;
  readonly nonce: string;
  /** Of the start. */
  readonly startParam: string | null;
}

/**
 * "Log In With Telegram". Telegram gives the proof to the service, not to the client: the route ends a login
 * that began here, and its errors go to the application's page. So no guard reads it.
 */
@Injectable()
export class TelegramOidcDoor implements Door<OidcLogin> {
  static readonly declaration: DoorDeclaration = {
    name: 'telegram-oidc',
    operation: {
      operationId: 'finishTelegramLogin',
      summary: 'The redirect URI of Log In With Telegram',
      description:
        'Called by the browser that began, once, within ten minutes, with `state` and either `code` or `error`. This URL ' +
        'has to be registered for the bot in BotFather.',
    },
    codes: [
      'oidc.browser_mismatch',
      'oidc.redirect_uri_not_allowed',
      'oidc.state_invalid',
      'request.rate_limited',
      'service.unavailable',
    ],
    refusals: 'link',
    reaches: { platform: START, 'bot-token': START },
    metric: 'telegram_oidc',
    explain: { input: 'id-token', options: ['bot', 'nonce'] },
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly telegram: TelegramOidc,
  ) {}

  async fromPasted({ applicationId, text, option }: PastedProof): Promise<OidcLogin> {
    const target = await this.applications.getOidcTarget(applicationId, option('bot'));
    // Telegram omits the nonce. A token with one was made for another login, unless the expected nonce is
    // given.
    const nonce = option('nonce') || randomUUID();
    return { ...target, code: '', idToken: text, nonce, startParam: null };
  }

  async open(login: OidcLogin): Promise<VerifiedSignIn> {
    const { application, bot, code, idToken, nonce, startParam } = login;
    const verified = await this.telegram.verify(idToken, bot.botId, nonce);
    return accepted({ application, proof: { ...proofOfIdToken(bot, code, idToken, verified), startParam } });
  }
}
