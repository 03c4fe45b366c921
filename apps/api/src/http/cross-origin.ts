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

/** In seconds. */
const PREFLIGHT_MAX_AGE = '600';

/**
 * Lets the pages of applications read answers (Fetch standard, CORS protocol). A preflight names no application, so any
 * allowed origin passes. The request itself is checked again. A call without `Origin` is not touched.
 */
export function useCors(fastify: FastifyInstance, origins: AllowedOrigins): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    // At the gateway, a preflight is for the services behind it. The page of operators has the same origin.
    if (request.headers.origin === undefined || isInternal(request)) done();
    else
      answerOrigin(origins, request, reply).then((isAnswered) => {
        if (!isAnswered) done();
      }, done);
  });
}

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

/** Any page may read metadata and public keys. */
function isForAnyPage({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith('/.well-known/') === true;
}

function readable(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS };
}

/** Names and values of the CORS headers of an answer that does not come from Fastify. */
export async function readableBy(origins: AllowedOrigins, origin: string): Promise<readonly string[]> {
  return (await isKnown(origins, origin)) ? Object.entries(readable(origin)).flat() : [];
}

/** Answers OPTIONS without a preflight (RFC 9110 section 9.3.7). `useCors` answers preflights. */
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
