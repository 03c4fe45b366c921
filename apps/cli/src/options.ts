import type { BotKey } from '@countersign/applications';
import { choose, DEFAULT_LIMIT, MAX_LIMIT, type Call } from './call';
import { needed, oneOf, type Takes } from './declaration';
import { environments, providers } from './words';

/** For a command that lists. */
export const limit: Takes = {
  '--limit <count>': `how many at most, 1 to ${MAX_LIMIT} (default: ${DEFAULT_LIMIT})`,
};

export const reason: Takes = {
  '--reason <reason>': needed('a word or the number of a request, for the audit trail'),
};

/** The secret that a command removes. */
export const secret: Takes = { '--secret <secretId>': needed('the secret, as list-secrets names it') };

/** Provider and environment: the id of a bot is unique only together with them. */
export const platformOptions: Takes = {
  '--provider <provider>': oneOf(providers, 'provider of the bot', { default: 'telegram' }),
  '--environment <environment>': oneOf(environments, 'environment of the bot', { default: 'production' }),
};

export function platformOf(call: Call): Omit<BotKey, 'botId'> {
  return {
    provider: choose('provider', call.required('provider'), providers),
    environment: choose('environment', call.required('environment'), environments),
  };
}

/** The bot named by a call. */
export function bot(call: Call, botId = call.required('bot')): BotKey {
  return { ...platformOf(call), botId };
}
