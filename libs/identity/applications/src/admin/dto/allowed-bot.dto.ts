import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Matches } from 'class-validator';
import { Instant, ListOf, MayBeAbsent } from '@countersign/http';
import type { AllowedBot } from '../../bots/accepted-bots';
import { BOT_ID, environments, type BotKey, type Environment, type Provider } from '../../bots/bot';
import { botIdField, environmentField, INSTANT, providerField } from './bot-fields';

/** Only Telegram signs what others can verify. */
const signingProviders = ['telegram'] as const;
const signingProviderField = { ...providerField, enum: [...signingProviders] };

export class AllowBotRequest {
  @ApiPropertyOptional({ ...signingProviderField, default: 'telegram' })
  @MayBeAbsent()
  @IsIn(signingProviders)
  provider?: (typeof signingProviders)[number];

  @ApiPropertyOptional({ ...environmentField, default: 'production' })
  @MayBeAbsent()
  @IsIn(environments)
  environment?: Environment;

  @ApiProperty(botIdField)
  @IsString()
  @Matches(BOT_ID)
  botId: string;

  toKey(): BotKey {
    const { provider = 'telegram', environment = 'production', botId } = this;
    return { provider, environment, botId };
  }
}

export class AllowedBotResponse {
  @ApiProperty(providerField)
  provider: Provider;

  @ApiProperty(environmentField)
  environment: Environment;

  @ApiProperty(botIdField)
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
