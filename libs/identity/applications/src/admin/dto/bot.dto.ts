import type { BotStatus, Environment, Provider, SignaturePolicy } from '../../bots/bot';
import type { BotRecord } from '../../bots/bot-record';
import { AdminPageOf } from '@countersign/admin';
import { Flag, Instant } from '@countersign/http';
import {
  ApplicationIdField,
  BotIdField,
  EnvironmentField,
  IdField,
  INSTANT,
  MiniAppNameField,
  ProviderField,
  SignaturePolicyField,
  StatusField,
  UsernameField,
} from './bot-fields';

export class BotResponse {
  @IdField()
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

export class BotPageResponse extends AdminPageOf(BotResponse, 'Newest first.') {}
