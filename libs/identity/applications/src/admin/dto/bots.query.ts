import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsUUID, Matches } from 'class-validator';
import { MayBeAbsent, PageQuery } from '@countersign/http';
import {
  BOT_ID,
  botStatuses,
  environments,
  providers,
  type BotStatus,
  type Environment,
  type Provider,
} from '../../bots/bot';
import { applicationIdField, botIdField, environmentField, providerField, statusField } from './bot-fields';

export class BotsFilter {
  @ApiPropertyOptional({ ...applicationIdField, description: 'Only bots of this application.' })
  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  @ApiPropertyOptional({ ...providerField, description: 'Only bots of this provider.' })
  @MayBeAbsent()
  @IsIn(providers)
  provider?: Provider;

  @ApiPropertyOptional({ ...environmentField, description: 'Only bots of this environment.' })
  @MayBeAbsent()
  @IsIn(environments)
  environment?: Environment;

  @ApiPropertyOptional({ ...statusField, description: 'Only bots with this status.' })
  @MayBeAbsent()
  @IsIn(botStatuses)
  status?: BotStatus;

  @ApiPropertyOptional({ ...botIdField, description: 'Only bots with this number of the provider.' })
  @MayBeAbsent()
  @Matches(BOT_ID)
  botId?: string;
}

export class BotsQuery extends IntersectionType(PageQuery, BotsFilter) {}
