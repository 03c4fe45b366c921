import type { AllowedBot } from '../../bots/accepted-bots';
import { type FieldOptions, Instant, ListOf, OneOf } from '@countersign/http';
import { type BotKey, type Environment, type Provider } from '../../bots/bot';
import { BotIdField, EnvironmentField, INSTANT, ProviderField } from './bot-fields';

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

export class AllowedBotResponse {
  @ProviderField()
  provider: Provider;

  @EnvironmentField()
  environment: Environment;

  @BotIdField()
  botId: string;

  @Instant('Since when it is allowed.', INSTANT)
  createdAt: string;

  static of({ provider, environment, botId, createdAt }: AllowedBot): AllowedBotResponse {
    return { provider, environment, botId, createdAt: createdAt.toISOString() };
  }
}

export class AllowedBotsResponse {
  @ListOf(AllowedBotResponse, 'All of them, by environment and `botId`.')
  items: readonly AllowedBotResponse[];
}
