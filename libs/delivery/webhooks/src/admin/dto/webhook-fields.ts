import { eventTypeList } from '@countersign/events';
import { type FieldOptions, Id, IdInPath, OneOf, Text } from '@countersign/http';
import { ALL_TYPES, endpointStatuses } from '../../webhook.entity';

export const EVENT_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
export const ENDPOINT_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
export const INSTANT = '2026-11-02T09:30:00.000Z';

const MAX_NAME_LENGTH = 200;
const MAX_APPLICATIONS = 100;
const NAME = /^\S(?:[^\p{Cc}]*\S)?$/u;

/** Test events reach the endpoint that is tested, without asking. */
const namedTypes = eventTypeList<string>((types) => [
  ...types.filter((type) => type !== 'webhook.test'),
  ALL_TYPES,
]);

export const EndpointInPath = (): ParameterDecorator =>
  IdInPath('endpointId', 'webhook.not_found', 'The endpoint.');

export function NameField(options?: FieldOptions): PropertyDecorator {
  return Text('A name for operators, 1 to 200 characters.', 'crm', {
    max: MAX_NAME_LENGTH,
    pattern: NAME,
    ...options,
  });
}

export function UrlField(options?: FieldOptions): PropertyDecorator {
  return Text(
    'Where events are delivered to: `https://`, port 443 and a public host, or a receiver in ' +
      '`WEBHOOK_ALLOWED_TARGETS`. Without user, password and fragment.',
    'https://crm.example.com/webhooks/countersign',
    options,
  );
}

export function TypesField(options?: FieldOptions): PropertyDecorator {
  return OneOf(
    namedTypes,
    'The types of events that it gets (docs/events.md); `*` for all, also those of later versions.',
    ['user.created', 'user.erased'],
    { list: { min: 1, unique: true }, name: 'WebhookEventType', ...options },
  );
}

export function ApplicationIdsField(options?: FieldOptions): PropertyDecorator {
  return Id('Only events that concern one of these applications; null for all events.', [ENDPOINT_ID], {
    list: { min: 1, max: MAX_APPLICATIONS },
    nullable: true,
    ...options,
  });
}

export function StatusField(): PropertyDecorator {
  return OneOf(
    endpointStatuses,
    'No event is written for a disabled one; what waits to be delivered goes on waiting.',
    'active',
    { name: 'WebhookStatus' },
  );
}
