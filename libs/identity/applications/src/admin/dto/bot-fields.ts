import { type FieldOptions, Id, OneOf, Text } from '@countersign/http';
import { BOT_ID, botStatuses, environments, providers, signaturePolicies } from '../../bots/bot';

export const MAX_OIDC_SECRET_LENGTH = 512;

/** Fields of bots that several classes have. */
export function ApplicationIdField(options?: FieldOptions): PropertyDecorator {
  return Id('The application that it belongs to.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', options);
}

export function ProviderField(options?: FieldOptions): PropertyDecorator {
  return OneOf(providers, 'Its provider.', 'telegram', options);
}

export function EnvironmentField(options?: FieldOptions): PropertyDecorator {
  return OneOf(environments, 'The environment of the provider.', 'production', options);
}

export function BotIdField(options?: FieldOptions): PropertyDecorator {
  return Text('The provider’s number, as text.', '7342037359', { pattern: BOT_ID, ...options });
}

export function UsernameField(options?: FieldOptions): PropertyDecorator {
  return Text('Its username.', 'game_bot', { max: 65, ...options });
}

export function MiniAppNameField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'The short name of its Mini App in links: `https://t.me/<username>/<miniAppName>`. Null for the main Mini App.',
    'play',
    { max: 30, nullable: true, ...options },
  );
}

export function StatusField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    botStatuses,
    'No proof of a `disabled` bot counts; of a `compromised` one those count that Telegram itself has signed.',
    'active',
    options,
  );
}

export function SignaturePolicyField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    signaturePolicies,
    'Whether init data must carry the Ed25519 `signature` of Telegram: `required`, unless all presets of the application do without.',
    'required',
    options,
  );
}

export function TokenField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'The token, as BotFather shows it; it is not shown again.',
    '7342037359:AAHI_u0yWr2gPz3WDYcCFUPXHmzl2ZzQSwM',
    { max: 300, ...options },
  );
}
