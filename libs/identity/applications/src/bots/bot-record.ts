import type { BotKey, BotStatus, SignaturePolicy } from './bot';
import type { BotEntity } from './bot.entity';

/** A bot as an operator sees it: without its secrets. */
export interface BotRecord extends BotKey {
  readonly id: string;
  readonly applicationId: string;
  readonly username: string;
  readonly miniAppName: string | null;
  readonly status: BotStatus;
  readonly signaturePolicy: SignaturePolicy;
  /** Until when the token before verifies, or verified; `null` without one. */
  readonly priorTokenExpiresAt: Date | null;
  /** Of Log In With Telegram. */
  readonly hasOidcSecret: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function toBotRecord(bot: BotEntity): BotRecord {
  const { id, applicationId, provider, environment, botId, username, miniAppName } = bot;
  const { status, signaturePolicy, priorTokenExpiresAt, oidcClientSecret, createdAt, updatedAt } = bot;
  return {
    id,
    applicationId,
    provider,
    environment,
    botId,
    username,
    miniAppName,
    status,
    signaturePolicy,
    priorTokenExpiresAt,
    hasOidcSecret: oidcClientSecret !== null,
    createdAt,
    updatedAt,
  };
}
