import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application, type Bot } from '@countersign/applications';
import { sha256 } from '@countersign/crypto';
import { normalizePhoneNumber, type IdTokenProfile, type VerifiedIdToken } from '@countersign/proofs';
import type { ClaimedProfile } from '@countersign/users';
import {
  accepted,
  type Door,
  type DoorDeclaration,
  type PastedProof,
  type VerifiedSignIn,
} from '../doors/door';
import { TelegramOidc } from './telegram-oidc';
import { proofIdOf, type VerifiedProof } from '../proof/verified-proof';
import { authMethods } from '../auth.feature';

const START = 'GET /v1/auth/telegram/oidc/start';

interface OidcLogin {
  readonly application: Application;
  readonly bot: Bot;
  /** Telegram's code. Two logins within one second may have equal tokens, and are two proofs. */
  readonly code: string;
  /** As received from Telegram. No browser has seen it, so it can seal the pair for re-entry. */
  readonly idToken: string;
  readonly nonce: string;
  readonly startParam: string | null;
}

/** The service receives the proof, not the client. The route ends a login: errors go to the application's page. */
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
    levels: { platform: START, 'bot-token': START },
    metric: 'telegram_oidc',
    explain: { input: 'id-token', options: ['bot', 'nonce'] },
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly telegram: TelegramOidc,
  ) {}

  async fromPasted({ applicationId, text, option }: PastedProof): Promise<OidcLogin> {
    const target = await this.applications.getOidcTarget(applicationId, option('bot'));
    // Telegram omits the nonce. A token with a nonce was made for another login, unless the option names it.
    const nonce = option('nonce') || randomUUID();
    return { ...target, code: '', idToken: text, nonce, startParam: null };
  }

  async open(login: OidcLogin): Promise<VerifiedSignIn> {
    const { application, bot, idToken, nonce } = login;
    const verified = await this.telegram.verify(idToken, bot.botId, nonce);
    return accepted({ application, proof: proofOf(login, verified, this.telegram.issuer) });
  }
}

function proofOf(
  { bot, code, idToken, startParam }: OidcLogin,
  { subject, sub, issuedAt, signedText, profile }: VerifiedIdToken,
  issuer: string,
): VerifiedProof {
  const { provider, environment, botId } = bot;
  return {
    provider,
    environment,
    subject,
    applicationId: bot.applicationId,
    botId,
    botRowId: bot.id,
    profile: profileOf(profile),
    hints: profile.name === undefined ? {} : { firstName: profile.name },
    alias: { issuer, audience: botId, subject: sub },
    madeAt: issuedAt,
    startParam,
    proofId: proofIdOf({
      provider,
      environment,
      botId,
      fields: [
        ['code', sha256(code).toString('hex')],
        ['id_token', signedText],
      ],
    }),
    secret: sha256(`${code}\n${idToken}`),
    assurance: 'platform',
    door: authMethods.telegramOidc,
  };
}

/**
 * Claims depend on the scope, so a missing claim means unknown. `name` joins first and last name, so it is only a hint.
 * A name in two fields without the second one belongs to a person without a last name.
 */
function profileOf(profile: IdTokenProfile): ClaimedProfile {
  const { givenName, familyName, preferredUsername, picture } = profile;
  const phoneNumber = normalizePhoneNumber(profile.phoneNumber ?? '');
  return {
    ...(givenName === undefined ? {} : { firstName: givenName, lastName: familyName ?? null }),
    ...(preferredUsername === undefined ? {} : { username: preferredUsername }),
    ...(picture === undefined ? {} : { photoUrl: picture }),
    ...(phoneNumber === null ? {} : { phoneNumber }),
  };
}
