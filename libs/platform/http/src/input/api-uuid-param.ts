import { ApiParam } from '@nestjs/swagger';

/** Documents a UUID in the path of a route. `UuidPipe` reads it. */
export function ApiUuidParam(name: string, description: string): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
}
