import { IdInPath } from '@countersign/http';

/** The parameters of the paths in this folder. */
export const EndpointInPath = (): ParameterDecorator =>
  IdInPath('endpointId', 'webhook.not_found', 'The endpoint.');
export const SecretInPath = (): ParameterDecorator =>
  IdInPath('secretId', 'webhook.secret_not_found', 'The secret, as the list names it.');
export const EventInPath = (): ParameterDecorator =>
  IdInPath('eventId', 'webhook.delivery_not_found', 'The event: `webhook-id` of its attempts.');
