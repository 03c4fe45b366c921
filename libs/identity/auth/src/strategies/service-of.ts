import type { INestApplicationContext, Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    nest: INestApplicationContext;
  }
}

/** Passport has one registry of strategies per process, so a strategy gets services from the request's application. */
export function serviceOf<T>({ server }: FastifyRequest, type: Type<T>): T {
  return server.nest.get(type, { strict: false });
}
