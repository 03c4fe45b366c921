import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The application that Nest runs on this server. */
    nest: INestApplicationContext;
  }
}

/**
 * Gets a service of the application that received a request. Passport has one registry of strategies for the process, so
 * a strategy has no services of its own.
 */
export function serviceOf<T>({ server }: FastifyRequest, type: Type<T>): T {
  return server.nest.get(type, { strict: false });
}
