import { ApiUuidParam } from '@countersign/http';

/** The parameters of the paths in this folder, for the document. */
export const EndpointInPath = (): MethodDecorator => ApiUuidParam('endpointId', 'The endpoint.');
export const SecretInPath = (): MethodDecorator =>
  ApiUuidParam('secretId', 'The secret, as the list names it.');
export const EventInPath = (): MethodDecorator =>
  ApiUuidParam('eventId', 'The event: `webhook-id` of its attempts.');
