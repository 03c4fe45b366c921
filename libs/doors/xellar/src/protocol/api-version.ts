import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Clients of both call the same paths, and get other answers. */
export type XellarVersion = 'v1' | 'v2';

export const VERSION_PATHS = ['api/v1', 'api/v2'];

/** Which version of the API a call is for. */
export const ApiVersion = createParamDecorator((_: unknown, context: ExecutionContext): XellarVersion => {
  const { url = '' } = context.switchToHttp().getRequest<FastifyRequest>().routeOptions;
  return url.startsWith('/api/v1/') ? 'v1' : 'v2';
});
