import { ApiParam } from '@nestjs/swagger';

const inPath = (name: string, description: string): MethodDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });

/** The parameters of the paths in this folder, for the document. */
export const EndpointInPath = (): MethodDecorator => inPath('endpointId', 'The endpoint.');
export const SecretInPath = (): MethodDecorator => inPath('secretId', 'The secret, as the list names it.');
export const EventInPath = (): MethodDecorator =>
  inPath('eventId', 'The event: `webhook-id` of its attempts.');
