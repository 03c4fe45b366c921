import type { BotEntity } from './bot.entity';

/** A bot as an operator sees it: without its secrets. */
export interface BotRecord extends Readonly<Omit<BotEntity, 'token' | 'priorToken' | 'oidcClientSecret'>> {
  /** Of Log In With Telegram. */
  readonly hasOidcSecret: boolean;
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
