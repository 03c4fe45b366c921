import { Flag, Id, Integer, Nested, OneOf, Text, Uri } from '@countersign/http';
import { ALLOWED_BOT, assurances, loginMethodsInUse, type ShownAssurance } from '@countersign/sessions';

/** RFC 9449 section 6.2. */
class ConfirmationResponse {
  @Text('RFC 7638 thumbprint of the device key.', '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  jkt: string;
}

/** RFC 7662 section 2.2. */
export class IntrospectionResponse {
  @Flag('Whether the token is valid and the caller’s. If not, it is the only member.', true)
  active: boolean;

  @OneOf(
    ['access_token', 'refresh_token'],
    'A refresh token opens nothing but a refresh: a resource server must not accept one.',
    'access_token',
    { optional: true },
  )
  token_use?: 'access_token' | 'refresh_token';

  @OneOf(['Bearer', 'DPoP'], 'Of an access token.', 'Bearer', { optional: true })
  token_type?: 'Bearer' | 'DPoP';

  @Text('Of an access token, separated by spaces.', 'profile orders', { optional: true })
  scope?: string;

  @Id('The id of the application.', undefined, { optional: true })
  client_id?: string;

  @Id('User id.', undefined, { optional: true })
  sub?: string;

  @Id('Session id.', undefined, { optional: true })
  sid?: string;

  @Uri('The issuer: this service.', 'https://id.example.com', { optional: true })
  iss?: string;

  @Id('Application id.', undefined, { optional: true })
  aud?: string;

  @Integer('Seconds since 1970. Introspection does not move it.', 1_795_000_000, { optional: true })
  exp?: number;

  @OneOf(
    [...assurances, ALLOWED_BOT],
    'How hard the proof that opened the session is to forge; `allowed-bot` where a first-party application merely ' +
      'allows the bot that it rests on.',
    'platform',
    { optional: true },
  )
  assurance?: ShownAssurance;

  @OneOf(
    [...assurances, ALLOWED_BOT],
    'The assurance, under the name that OpenID Connect gives it.',
    'platform',
    { optional: true },
  )
  acr?: string;

  @OneOf(
    loginMethodsInUse.names,
    'The door that the session was opened by. Empty when it is unknown.',
    ['telegram-init-data'],
    { optional: true, list: {} },
  )
  amr?: readonly string[];

  @Integer('Seconds since 1970: when a proof was last verified.', 1_794_998_200, { optional: true })
  auth_time?: number;

  @Nested(ConfirmationResponse, 'Where every use needs a proof of a device key.', { optional: true })
  cnf?: ConfirmationResponse;
}
