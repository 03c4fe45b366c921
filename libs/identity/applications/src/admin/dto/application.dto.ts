import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import {
  type FieldOptions,
  Id,
  Instant,
  MayBeAbsent,
  Nested,
  ObjectOf,
  OneOf,
  PageQuery,
  Text,
  toResponse,
  PageOf,
} from '@countersign/http';
import { trusts, type Trust } from '../../application';
import { linesOf, presetNames, type PresetName } from '../../presets/presets';
import type { CreatedApplication } from '../../applications.service';
import type { ApplicationEntity } from '../../store/application.entity';
import { readStoredSettings } from '../../store/read-settings';
import { IssuedClientSecretResponse } from './client-secret.dto';

const MAX_NAME_LENGTH = 200;
const MAX_ORIGINS = 64;

function NameField(options?: FieldOptions): PropertyDecorator {
  return Text('A name for people, 1 to 200 characters.', 'My game', { max: MAX_NAME_LENGTH, ...options });
}

function TrustField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    trusts,
    '`first-party` is the operator’s own product; a `third-party` application reaches nothing beyond its own sessions.',
    'first-party',
    options,
  );
}

function PresetsField(): PropertyDecorator {
  return OneOf(
    presetNames,
    'The systems whose clients it serves: adds the settings that they need, and what else is missing.',
    ['mini-app'],
    { input: 'optional', list: { unique: true }, name: 'Preset' },
  );
}

export class ApplicationsQuery extends PageQuery {
  @OneOf(trusts, 'Only applications with this trust.', 'first-party', { input: 'optional' })
  trust?: Trust;
}

export class CreateApplicationRequest {
  @NameField({ input: 'required' })
  name: string;

  @TrustField({ input: 'optional', default: 'first-party' })
  trust?: Trust;

  @ApiPropertyOptional({
    description: 'Web origins that may call: the setting `origins`.',
    example: ['https://game.example.com'],
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ORIGINS)
  @IsString({ each: true })
  origins?: string[];

  @PresetsField()
  for?: PresetName[];
}

export class ChangeApplicationRequest {
  @PresetsField()
  for?: PresetName[];

  @NameField({ input: 'optional' })
  name?: string;

  @ObjectOf(
    true,
    'A JSON merge patch of the settings (docs/settings.md): what it does not name stays, `null` brings back the ' +
      'default, a list is replaced as a whole.',
    { initDataMaxAge: 3600, session: { accessIdle: 900 }, dataNeeds: null },
    { input: 'optional' },
  )
  settings?: object;
}

export class ListedApplicationResponse {
  @Id('Its id.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  applicationId: string;

  @NameField()
  name: string;

  @TrustField()
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
    description: 'What its presets allow, and what thieves can do with it.',
    type: [String],
    example: ['A thief of a page or a session acts as its person until the session ends.'],
  })
  allowed: string[];

  /** @throws AppError service.unavailable for settings of a later version */
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

export class CreatedApplicationResponse {
  @Nested(ApplicationResponse, 'The application.')
  application: ApplicationResponse;

  @Nested(IssuedClientSecretResponse, 'Its first client secret.')
  secret: IssuedClientSecretResponse;

  static of({ application, secretId, clientSecret }: CreatedApplication): CreatedApplicationResponse {
    return { application: ApplicationResponse.of(application), secret: { secretId, clientSecret } };
  }
}
