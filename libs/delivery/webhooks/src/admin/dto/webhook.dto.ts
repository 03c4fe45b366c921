import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
} from 'class-validator';
import { NextCursor } from '@countersign/admin';
import { Id, Instant, ListOf, MayBeAbsent, MayBeRemoved, Nested, OneOf, PageQuery } from '@countersign/http';
import {
  disabledReasons,
  endpointStatuses,
  type DisabledReason,
  type EndpointStatus,
  type WebhookEndpointEntity,
} from '../../webhook-endpoint.entity';
import { webhookSecretKinds, type WebhookSecretKind } from '../../webhook-secret.entity';
import {
  applicationIdsField,
  ENDPOINT_ID,
  INSTANT,
  namedTypes,
  nameField,
  signatureField,
  statusField,
  typesField,
  urlField,
} from './webhook-fields';
import { IssuedWebhookSecretResponse } from './webhook-secret.dto';

const MAX_NAME_LENGTH = 200;
const MAX_APPLICATIONS = 100;
const NAME = /^\S(?:[^\p{Cc}]*\S)?$/u;

export class WebhooksFilter {
  @ApiPropertyOptional({ ...statusField, description: 'Only endpoints with this status.' })
  @MayBeAbsent()
  @IsIn(endpointStatuses)
  status?: EndpointStatus;

  @OneOf(namedTypes, 'Only endpoints that get events of this type.', 'user.created', {
    input: 'optional',
    name: 'WebhookEventType',
  })
  type?: string;

  @Id('Only endpoints that get the events of this application.', ENDPOINT_ID, { input: 'optional' })
  applicationId?: string;
}

export class WebhooksQuery extends IntersectionType(PageQuery, WebhooksFilter) {}

export class CreateWebhookRequest {
  @ApiProperty(nameField)
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(NAME)
  name: string;

  @ApiProperty(urlField)
  @IsString()
  url: string;

  @ApiProperty(typesField)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(namedTypes, { each: true })
  types: string[];

  @ApiPropertyOptional(applicationIdsField)
  @MayBeRemoved()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_APPLICATIONS)
  @IsUUID(undefined, { each: true })
  applicationIds?: string[] | null;

  @ApiPropertyOptional({ ...signatureField, enum: [...webhookSecretKinds], default: 'hmac' })
  @MayBeAbsent()
  @IsIn(webhookSecretKinds)
  signature?: WebhookSecretKind;
}

export class ChangeWebhookRequest {
  @ApiPropertyOptional(nameField)
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  @Matches(NAME)
  name?: string;

  @ApiPropertyOptional(urlField)
  @MayBeAbsent()
  @IsString()
  url?: string;

  @ApiPropertyOptional(typesField)
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(namedTypes, { each: true })
  types?: string[];

  @ApiPropertyOptional(applicationIdsField)
  @MayBeRemoved()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_APPLICATIONS)
  @IsUUID(undefined, { each: true })
  applicationIds?: string[] | null;
}

export class WebhookResponse {
  @Id('The id of the endpoint.', ENDPOINT_ID)
  endpointId: string;

  @ApiProperty(nameField)
  name: string;

  @ApiProperty(urlField)
  url: string;

  @ApiProperty(typesField)
  types: readonly string[];

  @ApiProperty(applicationIdsField)
  applicationIds: readonly string[] | null;

  @ApiProperty(statusField)
  status: EndpointStatus;

  @OneOf(
    disabledReasons,
    'Why it is disabled: `operator`, `gone` (it answered 410) or `failing` (nothing was delivered for days).',
    null,
    { nullable: true },
  )
  disabledReason: DisabledReason | null;

  @Instant('Since when no delivery has succeeded; null while they do.', null, { nullable: true })
  failingSince: string | null;

  @Instant(
    'Until when nothing is sent to it, because it did not answer or asked for that; null, or past, without a pause. A replay ends it.',
    null,
    { nullable: true },
  )
  pausedUntil: string | null;

  @Instant('When it was created.', INSTANT)
  createdAt: string;

  @Instant('When it was last changed.', INSTANT)
  updatedAt: string;

  static of(endpoint: WebhookEndpointEntity): WebhookResponse {
    const { id, name, url, types, applicationIds, status, disabledReason } = endpoint;
    return {
      endpointId: id,
      name,
      url,
      types,
      applicationIds,
      status,
      disabledReason,
      failingSince: endpoint.failingSince?.toISOString() ?? null,
      pausedUntil: endpoint.pausedUntil?.toISOString() ?? null,
      createdAt: endpoint.createdAt.toISOString(),
      updatedAt: endpoint.updatedAt.toISOString(),
    };
  }
}

export class WebhookPageResponse {
  @ListOf(WebhookResponse, 'Newest first.')
  items: readonly WebhookResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class CreatedWebhookResponse {
  @Nested(WebhookResponse, 'The endpoint.')
  webhook: WebhookResponse;

  @Nested(IssuedWebhookSecretResponse, 'Its first secret.')
  secret: IssuedWebhookSecretResponse;
}
