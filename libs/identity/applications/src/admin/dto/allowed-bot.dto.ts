import { PickType } from '@nestjs/swagger';
import { type FieldOptions, ListOf, OneOf } from '@countersign/http';
import type { BotKey, Environment } from '../../bots/bot';
import { BotIdField, BotResponse, EnvironmentField } from './bot.dto';

/** Only Telegram signs what others can verify. */
const signingProviders = ['telegram'] as const;
function SigningProviderField(options?: FieldOptions): PropertyDecorator {
  return OneOf(signingProviders, 'Its provider.', 'telegram', options);
}

export class AllowBotRequest {
  @SigningProviderField({ input: 'optional', default: 'telegram' })
  provider?: (typeof signingProviders)[number];

  @EnvironmentField({ input: 'optional', default: 'production' })
  environment?: Environment;

  @BotIdField({ input: 'required' })
  botId: string;

  toKey(): BotKey {
    const { provider = 'telegram', environment = 'production', botId } = this;
    return { provider, environment, botId };
  }
}

export class AllowedBotResponse extends PickType(BotResponse, [
  'provider',
  'environment',
  'botId',
  'createdAt',
]) {}

export class AllowedBotsResponse {
  @ListOf(AllowedBotResponse, 'All of them, by environment and `botId`.')
  items: readonly AllowedBotResponse[];
}
