import type { BotStatus, Environment, Provider, SignaturePolicy } from '../../bots/bot';
import type { BotEntity } from '../../bots/bot.entity';
import { AdminPageOf } from '@countersign/admin';
import { Flag, Id, Instant, toResponse } from '@countersign/http';
import {
  ApplicationIdField,
  BotIdField,
  EnvironmentField,
  MiniAppNameField,
  ProviderField,
  SignaturePolicyField,
  StatusField,
  UsernameField,
} from './bot-fields';

export class BotResponse {
  @Id('Id of the record.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  id: string;

  @ApplicationIdField()
  applicationId: string;

  @ProviderField()
  provider: Provider;

  @EnvironmentField()
  environment: Environment;

  @BotIdField()
  botId: string;

  @UsernameField()
  username: string;

  @MiniAppNameField()
  miniAppName: string | null;

  @StatusField()
  status: BotStatus;

  @SignaturePolicyField()
  signaturePolicy: SignaturePolicy;

  @Instant('Until when the token before verifies too, or verified; null without one.', null, {
    nullable: true,
  })
  priorTokenExpiresAt: string | null;

  @Flag('Whether it has a secret of Log In With Telegram.', false)
  hasOidcSecret: boolean;

  @Instant('When it was added.')
  createdAt: string;

  @Instant('When it was last changed.')
  updatedAt: string;

  static of(bot: BotEntity): BotResponse {
    return toResponse(BotResponse, { ...bot, hasOidcSecret: bot.oidcClientSecret !== null });
  }
}

export class BotPageResponse extends AdminPageOf(BotResponse, 'Newest first.') {}
