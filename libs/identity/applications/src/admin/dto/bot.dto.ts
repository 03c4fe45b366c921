import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
import { Flag, Instant, ListOf } from '@countersign/http';
import type { BotStatus, Environment, Provider, SignaturePolicy } from '../../bots/bot';
import type { BotRecord } from '../../bots/bot-record';
import {
  applicationIdField,
  botIdField,
  environmentField,
  idField,
  INSTANT,
  miniAppNameField,
  providerField,
  signaturePolicyField,
  statusField,
  usernameField,
} from './bot-fields';

export class BotResponse {
  @ApiProperty(idField)
  id: string;

  @ApiProperty(applicationIdField)
  applicationId: string;

  @ApiProperty(providerField)
  provider: Provider;

  @ApiProperty(environmentField)
  environment: Environment;

  @ApiProperty(botIdField)
  botId: string;

  @ApiProperty(usernameField)
  username: string;

  @ApiProperty(miniAppNameField)
  miniAppName: string | null;

  @ApiProperty(statusField)
  status: BotStatus;

  @ApiProperty(signaturePolicyField)
  signaturePolicy: SignaturePolicy;

  @Instant('Until when the token before verifies too, or verified; null without one.', null, {
    nullable: true,
  })
  priorTokenExpiresAt: string | null;

  @Flag('Whether it has a secret of Log In With Telegram.', false)
  hasOidcSecret: boolean;

  @Instant('When it was added.', INSTANT)
  createdAt: string;

  @Instant('When it was last changed.', INSTANT)
  updatedAt: string;

  static of(bot: BotRecord): BotResponse {
    const { priorTokenExpiresAt, createdAt, updatedAt } = bot;
    const { id, applicationId, provider, environment, botId } = bot;
    const { username, miniAppName, status, signaturePolicy, hasOidcSecret } = bot;
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
      priorTokenExpiresAt: priorTokenExpiresAt?.toISOString() ?? null,
      hasOidcSecret,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

export class BotPageResponse {
  @ListOf(BotResponse, 'Newest first.')
  items: readonly BotResponse[];

  @NextCursor()
  nextCursor: string | null;
}
