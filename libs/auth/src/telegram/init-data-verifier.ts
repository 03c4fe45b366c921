import { Injectable } from '@nestjs/common';
import {
  ApplicationsService,
  BotTokens,
  botError,
  type Application,
  type Bot,
  type Environment,
  type Provider,
} from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { AppError } from '@countersign/errors';
import {
  signedFields,
  verifyInitData,
  verifyThirdPartyInitData,
  type InitData,
  type InitDataFields,
  type InitDataUser,
} from '@countersign/telegram';
import type { ClaimedProfile } from '@countersign/users';
import { initDataError } from '../auth.errors';
import { proofIdOf } from '../proof-id';
import type { VerifiedProof } from '../verified-proof';
import { TelegramKeys } from './telegram-keys';

/** A bot whose Ed25519 signature alone is looked at. */
export interface ThirdPartyBot {
  readonly applicationId: string;
  readonly environment: Environment;
  readonly botId: string;
  readonly rowId: string | null;
}

/** Turns a Mini App's init data into a verified proof, with the keys of the bot that launched it. */
@Injectable()
export class InitDataVerifier {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly telegramKeys: TelegramKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError with the code of the first rule that fails: `application.*`, `bot.*`, `init_data.*`. */
  async verify(
    provider: Provider,
    { applicationId, initData, botId }: { applicationId: string; initData: string; botId?: string },
  ): Promise<{ proof: VerifiedProof; application: Application }> {
    const { application, bot } = await this.applications.getSignInTarget(applicationId, provider, botId);
    return { proof: this.verifyWith(bot, initData, application.settings.initDataMaxAge), application };
  }

  /**
   * Verifies with whichever bot of the application signed it, of any provider.
   * @param botId narrows it down to one.
   * @param maxAgeSeconds `null` looks at signatures and person only: a Mini App keeps the init data of its launch for as
   * long as it is open.
   */
  async identify(
    applicationId: string,
    initData: string,
    maxAgeSeconds: number | null,
    botId?: string,
  ): Promise<VerifiedProof> {
    const usable = await this.applications.getUsableBots(applicationId);
    const bots = usable.filter((bot) => botId === undefined || bot.botId === botId);
    if (bots.length === 0) throw botError('bot.not_found');
    const failures: unknown[] = [];
    for (const bot of bots) {
      try {
        return this.verifyWith(bot, initData, maxAgeSeconds);
      } catch (error) {
        failures.push(error);
      }
    }
    // Of several bots, the one that signed it says what is wrong; the others only that it is not theirs.
    throw failures.find((error) => !isOfAnotherBot(error)) ?? failures[0];
  }

  /** By Telegram's own signature, without any knowledge of the token. */
  verifySignature(bot: ThirdPartyBot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    const verified = verifyThirdPartyInitData(raw, {
      botId: bot.botId,
      publicKey: this.telegramKeys.publicKeyFor(bot),
      now: this.clock.now(),
      maxAgeSeconds,
    });
    if (!verified.ok) throw initDataError(verified.code);
    const { fields, signature, initData } = verified.value;
    return {
      ...proofOf({ provider: 'telegram', ...bot }, fields, initData),
      secret: signature,
      assurance: 'platform',
    };
  }

  private verifyWith(bot: Bot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    if (bot.status === 'compromised') return this.verifyCompromised(bot, raw, maxAgeSeconds);
    const verified = verifyInitData(raw, {
      hmacKeys: this.botTokens.initDataKeys(bot, this.clock.now()),
      signature:
        bot.provider === 'telegram'
          ? {
              botId: bot.botId,
              publicKey: this.telegramKeys.publicKeyFor(bot),
              policy: bot.signaturePolicy,
            }
          : null,
      now: this.clock.now(),
      maxAgeSeconds,
    });
    if (!verified.ok) throw initDataError(verified.code);
    const { fields, hash, initData, signatureVerified } = verified.value;
    return {
      ...proofOf({ ...bot, rowId: bot.id }, fields, initData),
      secret: hash,
      assurance: signatureVerified ? 'platform' : 'bot-token',
    };
  }

  /** What the token signs proves nothing any more; what Telegram signs still does. */
  private verifyCompromised(bot: Bot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    if (bot.provider !== 'telegram') throw botError('bot.compromised');
    try {
      return this.verifySignature({ ...bot, rowId: bot.id }, raw, maxAgeSeconds);
    } catch (error) {
      throw codeOf(error) === 'init_data.signature_missing' ? botError('bot.compromised') : error;
    }
  }
}

function proofOf(
  bot: ThirdPartyBot & { readonly provider: Provider },
  fields: InitDataFields,
  { user, authDate, startParam }: InitData,
): Omit<VerifiedProof, 'secret' | 'assurance'> {
  const { provider, environment, botId, applicationId, rowId } = bot;
  return {
    provider,
    environment,
    subject: user.id,
    applicationId,
    botId,
    botRowId: rowId,
    profile: profileOf(user),
    hints: {},
    alias: null,
    madeAt: authDate,
    startParam: startParam ?? null,
    proofId: proofIdOf({ provider, environment, botId, fields: signedFields(fields) }),
  };
}

function profileOf(user: InitDataUser): ClaimedProfile {
  return {
    firstName: user.firstName,
    lastName: user.lastName ?? null,
    username: user.username ?? null,
    photoUrl: user.photoUrl ?? null,
    languageCode: user.languageCode ?? null,
  };
}

const FOREIGN = new Set(['init_data.hash_mismatch', 'init_data.signature_mismatch', 'bot.compromised']);

function isOfAnotherBot(error: unknown): boolean {
  return FOREIGN.has(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : '';
}
