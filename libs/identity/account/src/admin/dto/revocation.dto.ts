import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  ValidateNested,
} from 'class-validator';
import { MAX_BULK } from '@countersign/admin';
import { BOT_ID, environments, providers, type Environment, type Provider } from '@countersign/applications';
import { ExactlyOneOf, IsInstant, MayBeAbsent, requestError } from '@countersign/http';
import type { RevocationTarget } from '../../account.service';

export class EndSessionsRequest {
  @ApiProperty({
    type: [String],
    format: 'uuid',
    minItems: 1,
    maxItems: MAX_BULK,
    description: 'The sessions.',
    example: ['0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_BULK)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  sessionIds: string[];
}

/** A bot by what its provider calls it. */
export class BotOfSessions {
  @ApiProperty({ enum: [...providers], description: 'Its provider.', example: 'telegram' })
  @IsIn(providers)
  provider: Provider;

  @ApiProperty({ enum: [...environments], description: 'Its environment.', example: 'production' })
  @IsIn(environments)
  environment: Environment;

  @ApiProperty({ description: 'Its number there.', example: '7204512345' })
  @IsString()
  @Matches(BOT_ID, { message: 'must be the number of a bot' })
  botId: string;
}

@ExactlyOneOf('bot', 'rapidpaceOf')
export class RevokeSessionsRequest {
  @ApiPropertyOptional({
    type: BotOfSessions,
    description: 'Sessions that rest on the token of this bot alone. This or `rapidpaceOf`.',
  })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => BotOfSessions)
  bot?: BotOfSessions;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Sessions that began with a Rapidpace proof of this application. This or `bot`.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  @MayBeAbsent()
  @IsUUID()
  rapidpaceOf?: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Only those that began at this instant or later: when the secret leaked.',
    example: '2026-11-20T08:00:00.000Z',
  })
  @IsString()
  @IsInstant()
  since: string;

  /** @throws AppError request.invalid unless there is one of `bot` and `rapidpaceOf` */
  toTarget(): RevocationTarget {
    const { bot, rapidpaceOf, since: text } = this;
    const since = new Date(text);
    if (bot && rapidpaceOf === undefined) {
      const { provider, environment, botId } = bot;
      return { bot: { provider, environment, botId }, since };
    }
    if (rapidpaceOf !== undefined && !bot) return { vendorOf: rapidpaceOf.toLowerCase(), since };
    throw requestError('request.invalid', {
      fields: [{ path: '', code: 'exactly_one', detail: 'must have one of bot and rapidpaceOf' }],
    });
  }
}

export class EndedSessionsResponse {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'How many have ended; those that were over before do not count.',
    example: 3,
  })
  endedSessions: number;
}
