import { Injectable } from '@nestjs/common';
import {
  ApplicationsService,
  BotTokens,
  botError,
  type Bot,
  type BotKey,
  type Environment,
  type Provider,
} from '@countersign/applications';
import { Clock, Configuration } from '@countersign/runtime';
import { AppError } from '@countersign/text';
import { loginMethodsInUse } from '@countersign/sessions';
import {
  signedFields,
  verifyInitData,
  type InitDataUser,
  type VerifiedInitData,
  publicKeyFromHex,
  telegramPublicKeys,
} from '@countersign/proofs';
import type { ClaimedProfile } from '@countersign/users';
import type { KeyObject } from 'node:crypto';
import { profileOf, proofIdOf, type VerifiedProof } from '../proof/verified-proof';
import { initDataError } from '../auth.errors';
import { thirdPartyMethods, authMethods } from '../auth.feature';

/** The Ed25519 keys for a bot's init data: Telegram's keys, or those of a fake Telegram in development. */
@Injectable()
export class TelegramKeys {
  private readonly madeUp: ReadonlyMap<string, KeyObject>;

  constructor({ demoTelegramKeys }: Configuration) {
    this.madeUp = new Map(
      demoTelegramKeys.map(({ botId, publicKeyHex }) => [botId, publicKeyFromHex(publicKeyHex)]),
    );
  }

  publicKeyFor({ botId, environment }: Pick<Bot, 'botId' | 'environment'>): KeyObject {
    const madeUp = environment === 'production' ? this.madeUp.get(botId) : undefined;
    return madeUp ?? telegramPublicKeys[environment];
  }
}

/** Only the Ed25519 signature of this bot is checked. */
interface ThirdPartyBot {
  readonly applicationId: string;
  readonly environment: Environment;
  readonly botId: string;
  readonly rowId: string | null;
}

@Injectable()
export class InitDataVerifier {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly telegramKeys: TelegramKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies with the bot that signed: a bot of the application, of any provider, or an allowed one.
   * @param maxAgeSeconds `null` checks no age: a Mini App keeps the init data of its launch while it is open
   */
  async identify(
    applicationId: string,
    initData: string,
    maxAgeSeconds: number | null,
  ): Promise<VerifiedProof> {
    const { own, allowed } = await this.botsOf(applicationId);
    const attempts = [
      ...own.map((bot) => () => this.verify(bot, initData, maxAgeSeconds)),
      ...allowed.map((bot) => () => this.verifySignature(bot, initData, maxAgeSeconds)),
    ];
    const failures: unknown[] = [];
    for (const attempt of attempts) {
      try {
        return attempt();
      } catch (error) {
        failures.push(error);
      }
    }
    // The error of the bot that signed; the other bots only report that the data is not theirs.
    throw failures.find((error, index) => !isOfAnotherBot(error, index >= own.length)) ?? failures[0];
  }

  /** The candidates, at least one: the application's own bots, and the allowed ones while that feature is in use. */
  private async botsOf(
    applicationId: string,
  ): Promise<{ own: readonly Bot[]; allowed: readonly ThirdPartyBot[] }> {
    const { bots, allowed } = await this.applications.getBots(applicationId);
    const own = bots.filter(({ status }) => status !== 'disabled');
    const others = (loginMethodsInUse.has(thirdPartyMethods.initData) ? allowed : [])
      .filter((key) => !bots.some((bot) => isSameBot(bot, key)))
      .map((key) => ({ ...key, applicationId, rowId: null }));
    if (own.length + others.length === 0) throw botError(bots.length > 0 ? 'bot.disabled' : 'bot.not_found');
    return { own, allowed: others };
  }

  /** Verifies Telegram's own signature. It needs no token. */
  verifySignature(bot: ThirdPartyBot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    const verified = verifyInitData(raw, {
      hmacKeys: null,
      signature: this.signedFor(bot, 'required'),
      now: this.clock.now(),
      maxAgeSeconds,
    });
    if (!verified.ok) throw initDataError(verified.code);
    return proofOfInitData({ provider: 'telegram', ...bot }, verified.value);
  }

  /** For a compromised bot, signatures of its token no longer count. Telegram's signatures still do. */
  verify(bot: Bot, raw: string, maxAgeSeconds: number | null): VerifiedProof {
    const isCompromised = bot.status === 'compromised';
    const isTelegram = bot.provider === 'telegram';
    if (isCompromised && !isTelegram) throw botError('bot.compromised');
    const now = this.clock.now();
    const verified = verifyInitData(raw, {
      hmacKeys: isCompromised ? null : this.botTokens.keysOf(bot, 'init-data', now),
      signature: isTelegram ? this.signedFor(bot, isCompromised ? 'required' : bot.signaturePolicy) : null,
      now,
      maxAgeSeconds,
    });
    if (verified.ok) return proofOfInitData({ ...bot, rowId: bot.id }, verified.value);
    if (isCompromised && verified.code === 'init_data.signature_missing') throw botError('bot.compromised');
    throw initDataError(verified.code);
  }

  private signedFor<Policy>(bot: Pick<Bot, 'botId' | 'environment'>, policy: Policy) {
    return { botId: bot.botId, publicKey: this.telegramKeys.publicKeyFor(bot), policy };
  }
}

export function proofOfInitData(
  { provider, environment, botId, applicationId, rowId }: ThirdPartyBot & { readonly provider: Provider },
  { fields, secret, initData, signatureVerified }: VerifiedInitData,
): VerifiedProof {
  const { user, authDate, startParam = null } = initData;
  const ofTelegram = rowId === null ? thirdPartyMethods.initData : authMethods.telegramInitData;
  return {
    provider,
    environment,
    subject: user.id,
    applicationId,
    botId,
    botRowId: rowId,
    profile: launchedBy(provider, user),
    hints: {},
    alias: null,
    madeAt: authDate,
    startParam,
    proofId: proofIdOf({ provider, environment, botId, fields: signedFields(fields) }),
    secret: Buffer.from(secret),
    assurance: signatureVerified ? 'platform' : 'bot-token',
    door: provider === 'telegram' ? ofTelegram : authMethods.openweb3InitData,
  };
}

function launchedBy(provider: Provider, user: InitDataUser): ClaimedProfile {
  const profile = { ...profileOf(user), languageCode: user.languageCode ?? null };
  // Telegram leaves the flag out for people without it. OpenWeb3 leaves it out for all people.
  const isKnown = user.isPremium !== undefined || provider === 'telegram';
  return isKnown ? { ...profile, premium: String(user.isPremium ?? false) } : profile;
}

function isSameBot(one: BotKey, other: BotKey): boolean {
  return (
    one.provider === other.provider && one.environment === other.environment && one.botId === other.botId
  );
}

const FOREIGN = new Set(['init_data.hash_mismatch', 'init_data.signature_mismatch', 'bot.compromised']);

/** Data without a signature cannot be of an allowed bot. */
function isOfAnotherBot(error: unknown, isAllowed: boolean): boolean {
  const code = codeOf(error);
  return FOREIGN.has(code) || (isAllowed && code === 'init_data.signature_missing');
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : '';
}
