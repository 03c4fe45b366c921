import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import {
  Flag,
  Id,
  Instant,
  ListOf,
  Matching,
  OneOf,
  PageOf,
  PageQuery,
  Text,
  toResponse,
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
import type { BotEntity } from '../../bots/bot.entity';

const REQUIRED = { input: 'required' } as const;
const OPTIONAL = { input: 'optional' } as const;
/** In a merge patch, `null` is a value only if it removes something. */
const PATCH = { skipNullProperties: false };

export class BotKeyFields {
  @OneOf(providers, 'Its provider; `telegram` unless a request says otherwise.', 'telegram', REQUIRED)
  provider: Provider;

  @OneOf(
    environments,
    'The environment of the provider; `production` unless a request says otherwise.',
    'production',
    REQUIRED,
  )
  environment: Environment;

  @Text('The number of the bot at its provider, as text.', '7342037359', {
    ...REQUIRED,
    pattern: BOT_ID,
    message: 'must be the number of a bot',
  })
  botId: string;
}

class BotFields extends BotKeyFields {
  @Id('The application that it belongs to.', undefined, REQUIRED)
  applicationId: string;

  @Text('Its username.', 'game_bot', { ...REQUIRED, pattern: /^@?[\w-]{1,64}$/ })
  username: string;

  @Text(
    'The short name of its Mini App in links: `https://t.me/<username>/<miniAppName>`. Without one its main Mini App is opened.',
    'play',
    { ...REQUIRED, nullable: true, pattern: /^\w{3,30}$/ },
  )
  miniAppName: string | null;

  @OneOf(
    botStatuses,
    'No proof of a `disabled` bot counts; of a `compromised` one those count that Telegram itself has signed.',
    'active',
    REQUIRED,
  )
  status: BotStatus;

  @OneOf(
    signaturePolicies,
    'Whether init data must have the Ed25519 `signature` of Telegram: with `optional`, a person who has the token of the bot can sign in as each of your users. The default is `required`, unless all presets of the application work without it.',
    'required',
    REQUIRED,
  )
  signaturePolicy: SignaturePolicy;
}

export class BotsQuery extends PageQuery {
  @Id('Only bots of this application.', undefined, OPTIONAL)
  applicationId?: string;

  @Matching('Only bots with this number of the provider.', '7342037359', { ...OPTIONAL, pattern: BOT_ID })
  botId?: string;
}

class BotTokenRequest {
  @Text(
    'The token, as BotFather shows it; it is not shown again.',
    '7342037359:AAHI_u0yWr2gPz3WDYcCFUPXHmzl2ZzQSwM',
    { ...REQUIRED, max: 300 },
  )
  token: string;
}

export class AddBotRequest extends IntersectionType(
  PickType(BotFields, ['applicationId', 'username']),
  PartialType(PickType(BotFields, ['provider', 'environment', 'miniAppName', 'signaturePolicy']), PATCH),
  BotTokenRequest,
) {}

export class ChangeBotRequest extends PartialType(
  PickType(BotFields, ['status', 'signaturePolicy', 'username', 'miniAppName']),
  PATCH,
) {
  @Text(
    'Its secret of Log In With Telegram (Web Login in BotFather), which is not the token; null removes it.',
    'dQ4p0aS8nYxk3vBzLw7RtEo2',
    { input: 'removable', pattern: /^[\x21-\x7e]{8,512}$/ },
  )
  oidcClientSecret?: string | null;
}

export class RotateBotTokenRequest extends BotTokenRequest {
  @Instant(
    'The token before verifies until then; without it not at all.',
    '2027-01-31T00:00:00.000Z',
    OPTIONAL,
  )
  overlapUntil?: string;
}

export class BotResponse extends BotFields {
  @Id('Id of the record.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  id: string;

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

/** Only Telegram signs data that others can verify. */
export class AllowBotRequest extends IntersectionType(
  PartialType(PickType(BotKeyFields, ['environment']), PATCH),
  PickType(BotKeyFields, ['botId']),
) {
  @OneOf(['telegram'], 'Its provider.', 'telegram', { ...OPTIONAL, default: 'telegram' })
  provider?: 'telegram';
}

export class AllowedBotResponse extends BotKeyFields {
  @Instant('When it was allowed.')
  createdAt: string;
}

export class AllowedBotsResponse {
  @ListOf(AllowedBotResponse, 'All of them, by environment and `botId`.')
  items: readonly AllowedBotResponse[];
}
