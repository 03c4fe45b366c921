import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AllowedOrigins } from '@countersign/applications';
import { requestError, type RouteTable } from '@countersign/http';
import { isInternal } from './server/listeners';

const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const ALLOWED_HEADERS = [
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
].join(', ');
const EXPOSED_HEADERS = 'date, retry-after, www-authenticate, x-request-id';

/** Seconds for which a browser remembers a preflight. */
const PREFLIGHT_MAX_AGE = '600';

/**
 * Lets the pages of applications read answers (Fetch standard, CORS protocol). A preflight names no application, so any allowed
 * origin passes; the request itself is checked again. Nothing runs for a call without `Origin`.
 */
export function useCors(fastify: FastifyInstance, origins: AllowedOrigins): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    // For the gateway the preflight is a client's, addressed to the services behind it; the page of operators is of the same origin.
    if (request.headers.origin === undefined || isInternal(request)) done();
    else
      answerOrigin(origins, request, reply).then((isAnswered) => {
        if (!isAnswered) done();
      }, done);
  });
}

/** @returns whether it was a preflight, which is answered. */
async function answerOrigin(
  origins: AllowedOrigins,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { origin = '' } = request.headers;
  const { knowsOrigin } = request.routeOptions.config;
  if (!isPreflight(request)) {
    if (isForAnyPage(request)) void reply.headers(readable('*'));
    else if (knowsOrigin === undefined && (await isKnown(origins, origin)))
      void reply.headers(readable(origin));
    return false;
  }
  if (!(await (knowsOrigin ?? origins.isKnown.bind(origins))(origin)))
    throw requestError('request.origin_not_allowed');
  const preflight = {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': PREFLIGHT_MAX_AGE,
  };
  void reply
    .status(204)
    .headers({ ...readable(origin), ...preflight })
    .send();
  return true;
}

/** Metadata and public keys. */
function isForAnyPage({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/.well-known/') === true;
}

function readable(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS };
}

/** Names and values of the headers by which a page may read an answer that does not come from Fastify. */
export async function readableBy(origins: AllowedOrigins, origin: string): Promise<readonly string[]> {
  return (await isKnown(origins, origin)) ? Object.entries(readable(origin)).flat() : [];
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
