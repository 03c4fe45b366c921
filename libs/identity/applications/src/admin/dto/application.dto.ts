import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import {
  Id,
  Instant,
  ListOf,
  MayBeAbsent,
  Name,
  Nested,
  ObjectOf,
  OneOf,
  PageOf,
  Text,
  toResponse,
} from '@countersign/http';
import { linesOf, presetsInUse } from '../../presets/presets';
import { trusts, type ApplicationEntity, type Trust } from '../../store/application.entity';
import { readStoredSettings } from '../../store/read-settings';

const MAX_NAME_LENGTH = 200;

const Origins = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({
      description,
      type: [String],
      maxItems: 64,
      example: ['https://game.example.com'],
    }),
    MayBeAbsent(),
    IsArray(),
    ArrayMaxSize(64),
    IsString({ each: true }),
  );

export class ChangeApplicationRequest {
  @OneOf(
    presetsInUse.names,
    'The systems whose clients the application serves: `allowed` in the answer says what a thief can then do. The settings and objects that these clients need are added.',
    ['mini-app'],
    { input: 'optional', list: { unique: true }, name: 'Preset' },
  )
  for?: string[];

  @Name('A name for people, 1 to 200 characters.', 'My game', { max: MAX_NAME_LENGTH, input: 'optional' })
  name?: string;

  @ObjectOf(
    true,
    'A JSON merge patch of the settings (docs/settings.md): what it does not name stays, `null` brings back the ' +
      'default, a list is replaced as a whole; that page says which settings extend trust, and to whom.',
    { initDataMaxAge: 3600, session: { accessIdle: 900 }, dataNeeds: null },
    { input: 'optional' },
  )
  settings?: object;

  @Origins(
    'Web origins to add to the setting `origins`; the other origins stay. A page of such an origin can act as each person who opens it.',
  )
  addOrigins?: string[];

  @Origins('Web origins to remove from the setting `origins`. An origin that is not set is ignored.')
  removeOrigins?: string[];
}

export class CreateApplicationRequest extends PickType(ChangeApplicationRequest, ['for']) {
  @Name('A name for people, 1 to 200 characters.', 'My game', { max: MAX_NAME_LENGTH, input: 'required' })
  name: string;

  @OneOf(
    trusts,
    '`first-party` is the operator’s own product, which sees all identities of its people, and whose sessions can change and erase their accounts; a `third-party` application reaches nothing beyond its own sessions.',
    'first-party',
    { input: 'optional', default: 'first-party' },
  )
  trust?: Trust;

  @Origins(
    'Web origins that may call (the setting `origins`): a page of such an origin can act as each person who opens it.',
  )
  origins?: string[];
}

export class ListedApplicationResponse {
  @Id('Its id.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  applicationId: string;

  @Text('Its name for people.', 'My game')
  name: string;

  @OneOf(trusts, 'A `third-party` application reaches nothing beyond its own sessions.', 'first-party')
  trust: Trust;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When it was last changed.')
  updatedAt: string;

  static of(application: ApplicationEntity): ListedApplicationResponse {
    return toResponse(ListedApplicationResponse, { ...application, applicationId: application.id });
  }
}

export class ApplicationPageResponse extends PageOf(ListedApplicationResponse, 'Newest first.') {}

export class ApplicationResponse extends ListedApplicationResponse {
  @ObjectOf(true, 'Only what was set.', { initDataMaxAge: 3600 })
  settings: object;

  @ObjectOf(true, 'All settings, with the defaults of what was not set.', {
    initDataMaxAge: 3600,
    dataNeeds: ['name', 'username'],
  })
  effectiveSettings: object;

  @ApiProperty({
    description: 'What its presets need and allow, and what thieves can do, in sentences.',
    type: [String],
    example: ['The thief of a session can read and act as its person until the session ends.'],
  })
  allowed: string[];

  static override of(application: ApplicationEntity): ApplicationResponse {
    const effectiveSettings = readStoredSettings(application.settings);
    return toResponse(ApplicationResponse, {
      ...application,
      applicationId: application.id,
      effectiveSettings,
      allowed: [...linesOf(effectiveSettings.presets)],
    });
  }
}

export class AddClientSecretRequest {
  @Name('What it is for, 1 to 200 characters.', 'billing', { max: MAX_NAME_LENGTH, input: 'required' })
  name: string;
}

export class ClientSecretResponse extends AddClientSecretRequest {
  @Id('Its id.')
  secretId: string;

  @Instant('When it was added.')
  createdAt: string;
}

export class IssuedClientSecretResponse extends PickType(ClientSecretResponse, ['secretId']) {
  @Text('The secret itself: it is not shown again.', 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g')
  clientSecret: string;
}

export class ClientSecretsResponse {
  @ListOf(ClientSecretResponse, 'All of them, oldest first.')
  items: readonly ClientSecretResponse[];
}

export class CreatedApplicationResponse {
  @Nested(ApplicationResponse, 'The application.')
  application: ApplicationResponse;

  @Nested(IssuedClientSecretResponse, 'Its first client secret.')
  secret: IssuedClientSecretResponse;
}
