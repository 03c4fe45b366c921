import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    nest: INestApplicationContext;
  }
}

/**
 * Passport has one registry of strategies for the process, so a strategy has no services of its own. This gets a
 * service of the application that received the request.
 */
export function serviceOf<T>({ server }: FastifyRequest, type: Type<T>): T {
  return server.nest.get(type, { strict: false });
}
