import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AllowedOrigins } from '@countersign/applications';
import { requestError, type RouteTable } from '@countersign/http';
import { isInternal } from './server/listeners';

const answered = {
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'dpop',
    'leaderboardapikey',
    'x-account-login-hash',
    'x-account-userid',
    'x-account-wallet',
    'x-app-id',
    'x-countersign-application',
    'x-environment',
    'x-request-id',
    'x-step-up-grant',
  ],
  exposedHeaders: ['date', 'retry-after', 'www-authenticate', 'x-request-id'],
  /** Seconds for which a browser remembers a preflight. */
  maxAge: 600,
  strictPreflight: false,
};

const unanswered = { ...answered, origin: false };

type Answered = (error: Error | null, options?: FastifyCorsOptions) => void;

/** A preflight names no application, so any allowed origin passes; the request itself is checked again. */
export async function useCors(fastify: FastifyInstance, origins: AllowedOrigins): Promise<void> {
  // The plugin leaves it out where it refuses an origin.
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.header('vary', 'Origin');
    done();
  });
  await fastify.register(cors, {
    // With a callback: most requests have no origin and need no promise.
    delegator: (request: FastifyRequest, callback: Answered) => {
      const { origin } = request.headers;
      // For the gateway the preflight is a client's, addressed to the services behind it; the page of operators is of the same origin.
      if (origin === undefined || isInternal(request)) {
        callback(null, unanswered);
        return;
      }
      const known = isPreflight(request) ? assertKnown(origins, origin) : isKnown(origins, origin);
      known.then((isAnswered) => {
        callback(null, { ...answered, origin: isAnswered });
      }, callback);
    },
  });
}

/** Names and values of the headers by which a page may read an answer that does not come from Fastify. */
export async function readableBy(origins: AllowedOrigins, origin: string): Promise<readonly string[]> {
  if (!(await isKnown(origins, origin))) return [];
  const exposed = answered.exposedHeaders.join(', ');
  return ['access-control-allow-origin', origin, 'access-control-expose-headers', exposed];
}

/** OPTIONS that is no preflight, RFC 9110 section 9.3.7. To be called after `useCors`. */
export function answerOptions(fastify: FastifyInstance, routes: RouteTable): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const allowed = request.method === 'OPTIONS' && !isInternal(request) ? routes.methodsOf(request) : [];
    if (allowed.length > 0) void reply.status(204).header('allow', allowed.join(', ')).send();
    else done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

async function isKnown(origins: AllowedOrigins, origin: string): Promise<boolean> {
  return origins.isKnown(origin).catch(() => false);
}

async function assertKnown(origins: AllowedOrigins, origin: string): Promise<true> {
  if (await origins.isKnown(origin)) return true;
  throw requestError('request.origin_not_allowed');
}
