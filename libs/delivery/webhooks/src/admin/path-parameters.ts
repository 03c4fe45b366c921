import { IdInPath } from '@countersign/http';

/** The parameters of the paths in this folder. */
export const EndpointInPath = (): ParameterDecorator =>
  IdInPath('endpointId', 'webhook.not_found', 'The endpoint.');
export const EventInPath = (): ParameterDecorator =>
  IdInPath('eventId', 'webhook.delivery_not_found', 'The event: `webhook-id` of its attempts.');
