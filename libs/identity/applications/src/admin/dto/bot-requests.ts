import type { NewBot, TokenRotation } from '../../bots/bot-change';
import { Instant, Text } from '@countersign/http';
import { type BotStatus, type Environment, type Provider, type SignaturePolicy } from '../../bots/bot';
import {
  ApplicationIdField,
  EnvironmentField,
  MAX_OIDC_SECRET_LENGTH,
  MiniAppNameField,
  ProviderField,
  SignaturePolicyField,
  StatusField,
  TokenField,
  UsernameField,
} from './bot-fields';

export class AddBotRequest {
  @ApplicationIdField({ input: 'required' })
  applicationId: string;

  @ProviderField({ input: 'optional', default: 'telegram' })
  provider?: Provider;

  @EnvironmentField({ input: 'optional', default: 'production' })
  environment?: Environment;

  @UsernameField({ input: 'required' })
  username: string;

  @MiniAppNameField({ input: 'optional', nullable: false })
  miniAppName?: string;

  @TokenField({ input: 'required' })
  token: string;

  @SignaturePolicyField({ input: 'optional' })
  signaturePolicy?: SignaturePolicy;

  toNewBot(): NewBot {
    const { provider = 'telegram', environment = 'production' } = this;
    const { applicationId, username, miniAppName = null, token, signaturePolicy } = this;
    return { applicationId, provider, environment, username, miniAppName, token, signaturePolicy };
  }
}

export class ChangeBotRequest {
  @StatusField({ input: 'optional' })
  status?: BotStatus;

  @SignaturePolicyField({ input: 'optional' })
  signaturePolicy?: SignaturePolicy;

  @UsernameField({ input: 'optional' })
  username?: string;

  @MiniAppNameField({ input: 'removable' })
  miniAppName?: string | null;

  @Text(
    'Its secret of Log In With Telegram (Web Login in BotFather), which is not the token; null removes it.',
    'dQ4p0aS8nYxk3vBzLw7RtEo2',
    { input: 'removable', max: MAX_OIDC_SECRET_LENGTH },
  )
  oidcClientSecret?: string | null;
}

export class RotateBotTokenRequest {
  @TokenField({ input: 'required' })
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
