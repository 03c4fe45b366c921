import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ALLOWED_BOT, assurances, doorNames, type ShownAssurance } from '@countersign/sessions';

/** RFC 9449 section 6.2. */
export class ConfirmationResponse {
  @ApiProperty({
    description: 'RFC 7638 thumbprint of the device key.',
    example: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
  })
  jkt: string;
}

/** RFC 7662 section 2.2. */
export class IntrospectionResponse {
  @ApiProperty({
    description: 'Whether the token is valid and the caller’s. If not, it is the only member.',
    example: true,
  })
  active: boolean;

  @ApiPropertyOptional({
    enum: ['access_token', 'refresh_token'],
    description: 'A refresh token opens nothing but a refresh: a resource server must not accept one.',
    example: 'access_token',
  })
  token_use?: 'access_token' | 'refresh_token';

  @ApiPropertyOptional({
    enum: ['Bearer', 'DPoP'],
    description: 'The type of an access token; absent for a refresh token.',
    example: 'Bearer',
  })
  token_type?: 'Bearer' | 'DPoP';

  @ApiPropertyOptional({
    description: 'Scopes of an access token, separated by spaces; absent for a refresh token.',
    example: 'profile wallets',
  })
  scope?: string;

  @ApiPropertyOptional({
    description: 'The id of the application.',
    format: 'uuid',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  client_id?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'User id.',
    example: '0199a3c5-90aa-7c3b-9a51-0c1d2e3f4a5b',
  })
  sub?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Session id.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  sid?: string;

  @ApiPropertyOptional({
    description: 'The issuer: this service.',
    format: 'uri',
    example: 'https://id.example.com',
  })
  iss?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Application id.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  aud?: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Seconds since 1970. Using an access token moves it; introspection does not.',
    example: 1_795_000_000,
  })
  exp?: number;

  @ApiPropertyOptional({
    description:
      'How hard the proof that opened the session is to forge; `allowed-bot` where a first-party application merely ' +
      'allows the bot that it rests on.',
    enum: [...assurances, ALLOWED_BOT],
    example: 'platform',
  })
  assurance?: ShownAssurance;

  @ApiPropertyOptional({
    enum: [...assurances, ALLOWED_BOT],
    description: 'The assurance, under the name that OpenID Connect gives it.',
    example: 'platform',
  })
  acr?: string;

  @ApiPropertyOptional({
    type: [String],
    enum: doorNames,
    description: 'The door that the session was opened by. Empty when it is unknown.',
    example: ['telegram-init-data'],
  })
  amr?: readonly string[];

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'Seconds since 1970: when a proof of the person was last verified, at sign-in, re-entry or step-up.',
    example: 1_794_998_200,
  })
  auth_time?: number;

  @ApiPropertyOptional({ description: 'Where every use needs a proof of a device key.' })
  cnf?: ConfirmationResponse;
}
