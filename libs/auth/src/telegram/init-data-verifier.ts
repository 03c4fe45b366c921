import { Injectable } from '@nestjs/common';
import { ApplicationsService, BotTokens, type Application, type Bot } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import { AppError } from '@countersign/errors';
import { signedFields, verifyInitData, type InitDataUser } from '@countersign/telegram';
import type { Profile } from '@countersign/users';
import { authError, initDataError } from './auth.errors';
import { proofIdOf } from './proof-id';
import { TelegramKeys } from './telegram-keys';
import type { VerifiedProof } from './verified-proof';

/** Turns a Mini App's init data into a verified proof, with the keys of the bot that launched it. */
@Injectable()
export class InitDataVerifier {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly telegramKeys: TelegramKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError with the code of the first rule that fails: `application.*`, `bot.*`, `init_data.*`, `auth.*`. */
  async verify(
    applicationId: string,
    initData: string,
    botId?: string,
  ): Promise<{ proof: VerifiedProof; application: Application }> {
    const { application, bot } = await this.applications.getSignInTarget(applicationId, 'telegram', botId);
    const proof = this.verifyWith(bot, initData, application.settings.initDataMaxAge);
    // Whoever holds a bot token can sign as anybody: only the operator's own applications may rely on it.
    if (application.trust === 'third-party' && proof.assurance !== 'platform')
      throw authError('auth.assurance_too_low');
    return { proof, application };
  }

  /**
   * Verifies signatures and person with whichever active bot of the application signed it.
   * The age is not looked at: a Mini App keeps the init data of its launch for as long as it is open.
   */
  async identify(applicationId: string, initData: string): Promise<VerifiedProof> {
    const bots = await this.applications.getActiveBots(applicationId, 'telegram');
    const failures: unknown[] = [];
    for (const bot of bots) {
      try {
        return this.verifyWith(bot, initData, null);
      } catch (error) {
        failures.push(error);
      }
    }
    // Of several bots, the one that signed it says what is wrong; the others only that it is not theirs.
    throw failures.find((error) => !isOfAnotherBot(error)) ?? failures[0];
  }

  private verifyWith(bot: Bot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    const verified = verifyInitData(raw, {
      hmacKeys: [this.botTokens.initDataKey(bot)],
      signature: {
        botId: bot.botId,
        publicKey: this.telegramKeys.publicKeyFor(bot),
        policy: bot.signaturePolicy,
      },
      now: this.clock.now(),
      maxAgeSeconds,
    });
    if (!verified.ok) throw initDataError(verified.code);
    const { fields, hash, initData, signatureVerified } = verified.value;
    const { provider, environment, botId } = bot;
    return {
      provider,
      environment,
      subject: initData.user.id,
      applicationId: bot.applicationId,
      botId,
      profile: profileOf(initData.user),
      madeAt: initData.authDate,
      startParam: initData.startParam ?? null,
      proofId: proofIdOf({ provider, environment, botId, fields: signedFields(fields) }),
      secret: hash,
      assurance: signatureVerified ? 'platform' : 'bot-token',
    };
  }
}

function profileOf(user: InitDataUser): Profile {
  return {
    firstName: user.firstName,
    lastName: user.lastName ?? null,
    username: user.username ?? null,
    photoUrl: user.photoUrl ?? null,
    languageCode: user.languageCode ?? null,
  };
}

function isOfAnotherBot(error: unknown): boolean {
  return error instanceof AppError && error.code === 'init_data.hash_mismatch';
}
