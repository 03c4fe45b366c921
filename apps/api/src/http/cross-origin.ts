import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AllowedOrigins } from '@countersign/applications';
import { requestError, type RouteTable } from '@countersign/http';
import { isForGateway } from './listeners';

const answered = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'dpop', 'x-countersign-application', 'x-request-id'],
  exposedHeaders: [
    'dpop-nonce',
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'www-authenticate',
    'x-request-id',
  ],
  /** Seconds for which a browser remembers a preflight. */
  maxAge: 600,
  strictPreflight: false,
};

/** A preflight names no application: an origin of any is let through, and the request itself is checked again. */
export async function useCors(fastify: FastifyInstance, origins: AllowedOrigins): Promise<void> {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!isForGateway(request)) void reply.header('vary', 'Origin');
    done();
  });
  await fastify.register(cors, {
    delegator: async (request: FastifyRequest) => {
      const { origin } = request.headers;
      // The gateway passes on what its clients ask: a preflight is for what stands behind it.
      if (origin === undefined || isForGateway(request)) return { ...answered, origin: false };
      return isPreflight(request)
        ? { ...answered, origin: await assertKnown(origins, origin) }
        : { ...answered, origin: await origins.isKnown(origin).catch(() => false) };
    },
  });
}

/** OPTIONS that is no preflight, RFC 9110 section 9.3.7. To be called after `useCors`. */
export function answerOptions(fastify: FastifyInstance, routes: RouteTable): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'OPTIONS' || reply.sent || isForGateway(request)) return;
    const allowed = routes.methodsOf(request);
    if (allowed.length > 0) await reply.status(204).header('allow', allowed.join(', ')).send();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

async function assertKnown(origins: AllowedOrigins, origin: string): Promise<true> {
  if (await origins.isKnown(origin)) return true;
  throw requestError('request.origin_not_allowed');
}
