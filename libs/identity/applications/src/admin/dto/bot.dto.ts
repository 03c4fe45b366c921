import {
  type FieldOptions,
  Flag,
  Id,
  Instant,
  Matching,
  OneOf,
  PageQuery,
  Text,
  toResponse,
  PageOf,
} from '@countersign/http';
import {
  BOT_ID,
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
import type { BotEntity } from '../../bots/bot.entity';

/** Fields of bots that several classes have. */
function ApplicationIdField(options?: FieldOptions): PropertyDecorator {
  return Id('The application that it belongs to.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', options);
}

function ProviderField(options?: FieldOptions): PropertyDecorator {
  return OneOf(providers, 'Its provider.', 'telegram', options);
}

export function EnvironmentField(options?: FieldOptions): PropertyDecorator {
  return OneOf(environments, 'The environment of the provider.', 'production', options);
}

export function BotIdField(options?: FieldOptions): PropertyDecorator {
  return Text('The provider’s number, as text.', '7342037359', { pattern: BOT_ID, ...options });
}

function UsernameField(options?: FieldOptions): PropertyDecorator {
  return Text('Its username.', 'game_bot', { pattern: /^@?[\w-]{1,64}$/, ...options });
}

function MiniAppNameField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'The short name of its Mini App in links: `https://t.me/<username>/<miniAppName>`. Null for the main Mini App.',
    'play',
    { pattern: /^\w{3,30}$/, nullable: true, ...options },
  );
}

function StatusField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    botStatuses,
    'No proof of a `disabled` bot counts; of a `compromised` one those count that Telegram itself has signed.',
    'active',
    options,
  );
}

function SignaturePolicyField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    signaturePolicies,
    'Whether init data must carry the Ed25519 `signature` of Telegram: `required`, unless all presets of the application do without.',
    'required',
    options,
  );
}

function TokenField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'The token, as BotFather shows it; it is not shown again.',
    '7342037359:AAHI_u0yWr2gPz3WDYcCFUPXHmzl2ZzQSwM',
    { max: 300, ...options },
  );
}

export class BotsQuery extends PageQuery {
  @Id('Only bots of this application.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', { input: 'optional' })
  applicationId?: string;

  @OneOf(providers, 'Only bots of this provider.', 'telegram', { input: 'optional' })
  provider?: Provider;

  @OneOf(environments, 'Only bots of this environment.', 'production', { input: 'optional' })
  environment?: Environment;

  @OneOf(botStatuses, 'Only bots with this status.', 'active', { input: 'optional' })
  status?: BotStatus;

  @Matching('Only bots with this number of the provider.', '7342037359', {
    input: 'optional',
    pattern: BOT_ID,
  })
  botId?: string;
}

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
    { input: 'removable', pattern: /^[\x21-\x7e]{8,512}$/ },
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

export class BotPageResponse extends PageOf(BotResponse, 'Newest first.') {}
