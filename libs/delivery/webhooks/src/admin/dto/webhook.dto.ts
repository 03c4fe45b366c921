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
import { MayBeAbsent, MayBeRemoved, PageQuery } from '@countersign/http';
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

  @ApiPropertyOptional({
    description: 'Only endpoints that get events of this type.',
    enum: [...namedTypes],
    enumName: 'WebhookEventType',
    example: 'user.created',
  })
  @MayBeAbsent()
  @IsIn(namedTypes)
  type?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only endpoints that get the events of this application.',
    example: ENDPOINT_ID,
  })
  @MayBeAbsent()
  @IsUUID()
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
  @ApiProperty({ format: 'uuid', description: 'The id of the endpoint.', example: ENDPOINT_ID })
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

  @ApiProperty({
    type: String,
    enum: [...disabledReasons],
    nullable: true,
    description:
      'Why it is disabled: `operator`, `gone` (it answered 410) or `failing` (nothing was delivered for days).',
    example: null,
  })
  disabledReason: DisabledReason | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when no delivery has succeeded; null while they do.',
    example: null,
  })
  failingSince: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Until when nothing is sent to it, because it did not answer or asked for that; null, or past, without a pause. A replay ends it.',
    example: null,
  })
  pausedUntil: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was created.', example: INSTANT })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'When it was last changed.', example: INSTANT })
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
  @ApiProperty({ type: [WebhookResponse], description: 'Newest first.' })
  items: readonly WebhookResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export class CreatedWebhookResponse {
  @ApiProperty({ type: WebhookResponse, description: 'The endpoint.' })
  webhook: WebhookResponse;

  @ApiProperty({ type: IssuedWebhookSecretResponse, description: 'Its first secret.' })
  secret: IssuedWebhookSecretResponse;
}
