import { Option, type Command } from 'commander';
import type { BotKey } from '@countersign/applications';
import { choose, uuid, wordOption, type Call } from './command';
import { UsageError } from './usage';
import { environments, providers } from './words';

/** Adds the options that name a bot. @param Kind whether one has to be named */
export function withBot(command: Command, description: string, Kind = Option): Command {
  return withPlace(command.addOption(new Kind('--bot <botId>', description)));
}

/** Adds the options that locate a bot: its id alone is not unique. */
export function withPlace(command: Command): Command {
  return command
    .addOption(wordOption('--provider <provider>', 'provider of the bot', providers).default('telegram'))
    .addOption(
      wordOption('--environment <environment>', 'environment of the bot', environments).default('production'),
    );
}

export function placeOf(call: Call): Omit<BotKey, 'botId'> {
  return {
    provider: choose('provider', call.required('provider'), providers),
    environment: choose('environment', call.required('environment'), environments),
  };
}

/** The bot named by a call. */
export function bot(call: Call, botId: string): BotKey {
  return { ...placeOf(call), botId };
}

/** What leaked: the token of a bot, or the secret of the vendor of an application. @throws UsageError unless one is named */
export function leakedBy(call: Call): { readonly bot: BotKey } | { readonly vendorOf: string } {
  if (call.has('bot') === call.has('rapidpace-of')) throw new UsageError('Pass --bot or --rapidpace-of.');
  return call.has('bot')
    ? { bot: bot(call, call.required('bot')) }
    : { vendorOf: uuid('rapidpace-of', call.required('rapidpace-of')) };
}
