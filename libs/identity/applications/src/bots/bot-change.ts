import { botError } from '../application.errors';
import type { BotStatus, Environment, Provider, SignaturePolicy } from './bot';

export interface NewBot {
  readonly applicationId: string;
  readonly provider: Provider;
  readonly environment: Environment;
  readonly username: string;
  readonly miniAppName?: string | null;
  readonly token: string;
  /** That of the presets of the application, unless it is given. */
  readonly signaturePolicy?: SignaturePolicy | undefined;
}

export interface BotChange {
  readonly status?: BotStatus;
  readonly signaturePolicy?: SignaturePolicy;
  readonly username?: string;
  /** `null` removes it. */
  readonly miniAppName?: string | null;
  /** Of Web Login in BotFather: not the token. `null` removes it. */
  readonly oidcClientSecret?: string | null;
}

export interface TokenRotation {
  readonly token: string;
  /** Until then the previous token verifies too; `null` invalidates it at once. */
  readonly overlapUntil: Date | null;
}

/** Ids stay below 2^53, so that no JSON reader rounds them. */
const BOT_TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,256}$/;

/** For the audit trail: no secret and no free text. */
export function detailsOf({
  status,
  signaturePolicy,
  username,
  miniAppName,
  oidcClientSecret,
}: BotChange): Record<string, string> {
  return {
    ...(status === undefined ? {} : { status }),
    ...(signaturePolicy === undefined ? {} : { signaturePolicy }),
    ...(username === undefined ? {} : { username: 'replaced' }),
    ...(miniAppName === undefined ? {} : { miniAppName: miniAppName === null ? 'removed' : 'replaced' }),
    ...(oidcClientSecret === undefined
      ? {}
      : { oidcClientSecret: oidcClientSecret === null ? 'removed' : 'replaced' }),
  };
}

/** @throws AppError bot.invalid_token */
export function botIdOf(token: string): string {
  const botId = BOT_TOKEN.exec(token)?.[1];
  if (!botId || !Number.isSafeInteger(Number(botId))) throw botError('bot.invalid_token');
  return botId;
}
