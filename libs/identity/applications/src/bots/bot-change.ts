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

const BOT_USERNAME = /^@?[\w-]{1,64}$/;
/** As BotFather takes the short name of a Mini App. */
const MINI_APP_NAME = /^\w{3,30}$/;
/** Ids stay below 2^53, so that no JSON reader rounds them. */
const BOT_TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,256}$/;
const OIDC_SECRET = /^[\x21-\x7e]{8,512}$/;

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

/** Without the `@`. @throws AppError bot.invalid_username */
export function usernameOf(wanted: string): string {
  if (!BOT_USERNAME.test(wanted)) throw botError('bot.invalid_username');
  return wanted.replace(/^@/, '');
}

/** @throws AppError bot.invalid_mini_app_name */
export function assertMiniAppName(name: string | null | undefined): void {
  if (typeof name === 'string' && !MINI_APP_NAME.test(name)) throw botError('bot.invalid_mini_app_name');
}

/** @throws AppError bot.invalid_token */
export function botIdOf(token: string): string {
  const botId = BOT_TOKEN.exec(token)?.[1];
  if (!botId || !Number.isSafeInteger(Number(botId))) throw botError('bot.invalid_token');
  return botId;
}

/** @throws AppError bot.invalid_oidc_secret */
export function assertOidcSecret(secret: string | null | undefined): void {
  if (typeof secret === 'string' && !OIDC_SECRET.test(secret)) throw botError('bot.invalid_oidc_secret');
}
