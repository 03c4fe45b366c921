import { environments, providers, type BotKey } from '@countersign/applications';
import { choose, type Call } from './command';

/** Where a bot lives: its id alone does not name it. */
export const place = { provider: { type: 'string' }, environment: { type: 'string' } } as const;

export function placeOf(call: Call): Omit<BotKey, 'botId'> {
  return {
    provider: choose('provider', call.optional('provider') ?? 'telegram', providers),
    environment: choose('environment', call.optional('environment') ?? 'production', environments),
  };
}

/** The bot that a call means. */
export function bot(call: Call, botId: string): BotKey {
  return { ...placeOf(call), botId };
}
