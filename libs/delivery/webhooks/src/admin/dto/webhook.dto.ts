import { Id, Instant, Nested, OneOf, Text, toResponse, PageOf } from '@countersign/http';
import {
  disabledReasons,
  type DisabledReason,
  type EndpointStatus,
  type WebhookEndpointEntity,
} from '../../webhook.entity';
import {
  ApplicationIdsField,
  ENDPOINT_ID,
  EVENT_ID,
  INSTANT,
  NameField,
  StatusField,
  TypesField,
  UrlField,
} from './webhook-fields';

export class CreateWebhookRequest {
  @NameField({ input: 'required' })
  name: string;

  @UrlField({ input: 'required' })
  url: string;

  @TypesField({ input: 'required' })
  types: string[];

  @ApplicationIdsField({ input: 'removable' })
  applicationIds?: string[] | null;
}

export class ChangeWebhookRequest {
  @NameField({ input: 'optional' })
  name?: string;

  @UrlField({ input: 'optional' })
  url?: string;

  @TypesField({ input: 'optional' })
  types?: string[];

  @ApplicationIdsField({ input: 'removable' })
  applicationIds?: string[] | null;
}

export class WebhookResponse {
  @Id('The id of the endpoint.', ENDPOINT_ID)
  endpointId: string;

  @NameField()
  name: string;

  @UrlField()
  url: string;

  @TypesField()
  types: readonly string[];

  @ApplicationIdsField()
  applicationIds: readonly string[] | null;

  @StatusField()
  status: EndpointStatus;

  @OneOf(
    disabledReasons,
    'Why it is disabled: `operator`, `gone` (it answered 410) or `failing` (a delivery failed for good, and no later one succeeded).',
    null,
    { nullable: true },
  )
  disabledReason: DisabledReason | null;

  @Instant('When it was created.', INSTANT)
  createdAt: string;

  @Instant('When it was last changed.', INSTANT)
  updatedAt: string;

  static of(endpoint: WebhookEndpointEntity): WebhookResponse {
    return toResponse(WebhookResponse, { ...endpoint, endpointId: endpoint.id });
  }
}

export class WebhookPageResponse extends PageOf(WebhookResponse, 'Newest first.') {}

export class AddWebhookSecretRequest {
  @Instant('Until then the older secrets sign too; for 24 hours by default.', INSTANT, { input: 'optional' })
  overlapUntil?: string;

  until(): Date | undefined {
    return this.overlapUntil === undefined ? undefined : new Date(this.overlapUntil);
  }
}

export class IssuedWebhookSecretResponse {
  @Id('Its id.', EVENT_ID)
  secretId: string;

  @Text('The secret: it is not shown again.', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  secret: string;
}

export class CreatedWebhookResponse {
  @Nested(WebhookResponse, 'The endpoint.')
  webhook: WebhookResponse;

  @Nested(IssuedWebhookSecretResponse, 'Its first secret.')
  secret: IssuedWebhookSecretResponse;
}
