import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, MaxLength } from 'class-validator';
import { Instant, MayBeAbsent, MayBeRemoved, Text } from '@countersign/http';
import {
  botStatuses,
  environments,
  providers,
  signaturePolicies,
  type BotStatus,
  type Environment,
  type Provider,
  type SignaturePolicy,
} from '../../bots/bot';
import type { NewBot, TokenRotation } from '../../bots/bot-change';
import {
  applicationIdField,
  environmentField,
  MAX_MINI_APP_NAME_LENGTH,
  MAX_OIDC_SECRET_LENGTH,
  MAX_TOKEN_LENGTH,
  MAX_USERNAME_LENGTH,
  miniAppNameField,
  providerField,
  signaturePolicyField,
  statusField,
  tokenField,
  usernameField,
} from './bot-fields';

export class AddBotRequest {
  @ApiProperty(applicationIdField)
  @IsUUID()
  applicationId: string;

  @ApiPropertyOptional({ ...providerField, default: 'telegram' })
  @MayBeAbsent()
  @IsIn(providers)
  provider?: Provider;

  @ApiPropertyOptional({ ...environmentField, default: 'production' })
  @MayBeAbsent()
  @IsIn(environments)
  environment?: Environment;

  @ApiProperty(usernameField)
  @IsString()
  @MaxLength(MAX_USERNAME_LENGTH)
  username: string;

  @ApiPropertyOptional({ ...miniAppNameField, nullable: false })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_MINI_APP_NAME_LENGTH)
  miniAppName?: string;

  @ApiProperty(tokenField)
  @IsString()
  @MaxLength(MAX_TOKEN_LENGTH)
  token: string;

  @ApiPropertyOptional({ ...signaturePolicyField, default: 'required' })
  @MayBeAbsent()
  @IsIn(signaturePolicies)
  signaturePolicy?: SignaturePolicy;

  toNewBot(): NewBot {
    const { provider = 'telegram', environment = 'production', signaturePolicy = 'required' } = this;
    const { applicationId, username, miniAppName = null, token } = this;
    return { applicationId, provider, environment, username, miniAppName, token, signaturePolicy };
  }
}

export class ChangeBotRequest {
  @ApiPropertyOptional(statusField)
  @MayBeAbsent()
  @IsIn(botStatuses)
  status?: BotStatus;

  @ApiPropertyOptional(signaturePolicyField)
  @MayBeAbsent()
  @IsIn(signaturePolicies)
  signaturePolicy?: SignaturePolicy;

  @ApiPropertyOptional(usernameField)
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_USERNAME_LENGTH)
  username?: string;

  @ApiPropertyOptional(miniAppNameField)
  @MayBeRemoved()
  @IsString()
  @MaxLength(MAX_MINI_APP_NAME_LENGTH)
  miniAppName?: string | null;

  @Text(
    'Its secret of Log In With Telegram (Web Login in BotFather), which is not the token; null removes it.',
    'dQ4p0aS8nYxk3vBzLw7RtEo2',
    { input: 'removable', max: MAX_OIDC_SECRET_LENGTH },
  )
  oidcClientSecret?: string | null;
}

export class RotateBotTokenRequest {
  @ApiProperty(tokenField)
  @IsString()
  @MaxLength(MAX_TOKEN_LENGTH)
  token: string;

  @Instant('The token before verifies until then; without it not at all.', '2027-01-31T00:00:00.000Z', {
    input: 'optional',
  })
  overlapUntil?: string;

  toRotation(): TokenRotation {
    const { token, overlapUntil } = this;
    return { token, overlapUntil: overlapUntil === undefined ? null : new Date(overlapUntil) };
  }
}
