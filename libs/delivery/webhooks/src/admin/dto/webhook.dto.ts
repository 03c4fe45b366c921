import { IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { listOfPublicNames } from '@countersign/audit';
import { Id, IdInPath, Instant, Name, Nested, OneOf, PageOf, Text, toResponse } from '@countersign/http';
import {
  ALL_TYPES,
  disabledReasons,
  endpointStatuses,
  type DisabledReason,
  type EndpointStatus,
  type WebhookEndpointEntity,
} from '../../webhook.entity';

const APPLICATION_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';

const MAX_NAME_LENGTH = 200;
const MAX_APPLICATIONS = 100;

/** Operators cannot name `webhook.test`: the endpoint under test always receives the test event. */
const namedTypes = listOfPublicNames((types) => [
  ...types.filter((type) => type !== 'webhook.test'),
  ALL_TYPES,
]);

export const EndpointInPath = (): ParameterDecorator =>
  IdInPath('endpointId', 'webhook.not_found', 'The endpoint.');

class WebhookFields {
  @Name('A name for operators.', 'crm', { input: 'required', max: MAX_NAME_LENGTH })
  name: string;

  @Text(
    'The URL that events are delivered to: `https://`, port 443 and a public host, or a receiver in ' +
      '`WEBHOOK_ALLOWED_TARGETS`. It has no user, password or fragment.',
    'https://crm.example.com/webhooks/countersign',
    { input: 'required' },
  )
  url: string;

  @OneOf(
    namedTypes,
    'The types of events that the endpoint gets (docs/events.md). `*` means all types, also the types of later versions.',
    ['user.created', 'user.erased'],
    { input: 'required', list: { min: 1, unique: true }, name: 'WebhookEventType' },
  )
  types: string[];

  @Id(
    'The endpoint gets only events of these applications. Without an application, it gets all events.',
    [APPLICATION_ID],
    {
      input: 'required',
      list: { min: 1, max: MAX_APPLICATIONS },
      nullable: true,
    },
  )
  applicationIds: string[] | null;
}

export class ChangeWebhookRequest extends PartialType(WebhookFields, { skipNullProperties: false }) {}

export class CreateWebhookRequest extends IntersectionType(
  OmitType(WebhookFields, ['applicationIds']),
  PickType(ChangeWebhookRequest, ['applicationIds']),
) {}

export class WebhookResponse extends WebhookFields {
  @Id('The id of the endpoint.')
  endpointId: string;

  @OneOf(endpointStatuses, 'A disabled one gets no new events.', 'active', { name: 'WebhookStatus' })
  status: EndpointStatus;

  @OneOf(
    disabledReasons,
    'Why it is disabled: `operator`, `gone` (it answered 410) or `failing` (a delivery failed for good, and no later one succeeded).',
    null,
    { nullable: true },
  )
  disabledReason: DisabledReason | null;

  @Instant('When it was created.')
  createdAt: string;

  @Instant('When it was last changed.')
  updatedAt: string;

  static of(endpoint: WebhookEndpointEntity): WebhookResponse {
    return toResponse(WebhookResponse, { ...endpoint, endpointId: endpoint.id });
  }
}

export class WebhookPageResponse extends PageOf(WebhookResponse, 'Newest first.') {}

export class AddWebhookSecretRequest {
  @Instant('Until then the older ones sign too; 24 hours by default.', undefined, { input: 'optional' })
  overlapUntil?: string;

  until(): Date | undefined {
    return this.overlapUntil === undefined ? undefined : new Date(this.overlapUntil);
  }
}

export class IssuedWebhookSecretResponse {
  @Id('Its id.')
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
