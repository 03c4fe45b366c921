import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayEndpoint } from '@countersign/gateway';
import { requestError } from '@countersign/http';
import type { AllowsHost } from '../admin-hosts';
import { answerBrokenRequest, answerInsteadOfNode, serverOptions } from './server-options';
import { rememberConnections } from './draining';

export type Listener = 'public' | 'gateway' | 'admin';

const listenerOfRequest = new WeakMap<IncomingMessage, Listener>();

/** The route prefixes of the listeners that are not public. All other routes are public. */
const routes = {
  gateway: { only: ['/v1/gateway/', '/metrics'], shared: ['/health/', '/.well-known/'] },
  admin: { only: ['/v1/admin/', '/openapi/admin.json', '/console'], shared: ['/health/', '/docs/errors.md'] },
};

function listenerOf({ raw }: FastifyRequest): Listener {
  return listenerOfRequest.get(raw) ?? 'public';
}

export function isInternal(request: FastifyRequest): boolean {
  return listenerOf(request) !== 'public';
}

export function isFromGateway(request: FastifyRequest): boolean {
  return listenerOf(request) === 'gateway';
}

/** @param route a pattern */
export function isOnItsListener(route: string, request: FastifyRequest): boolean {
  return isServedOn(listenerOf(request), route);
}

/** @param route a pattern */
export function isServedOn(listener: Listener, route: string): boolean {
  const isAmong = (prefixes: readonly string[]): boolean =>
    prefixes.some((prefix) => route.startsWith(prefix));
  if (listener === 'public') return !Object.values(routes).some(({ only }) => isAmong(only));
  const { only, shared } = routes[listener];
  const isPage = listener === 'admin' && route === '/';
  return isPage || isAmong(only) || isAmong(shared);
}

/** Answers 404 if the listener does not serve the route, and 421 if an admin call names another host. */
export function onlyOnItsListener(fastify: FastifyInstance, allowsAdminHost: AllowsHost): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (listenerOf(request) === 'admin' && !allowsAdminHost(request.headers.host)) {
      done(requestError('request.host_not_allowed'));
      return;
    }
    const { url } = request.routeOptions;
    const isElsewhere = url !== undefined && !isOnItsListener(url, request);
    done(isElsewhere ? requestError('request.route_not_found') : undefined);
  });
}

interface ListeningAddress {
  readonly host: string;
  readonly port: number;
}

export async function listenForGateway(
  fastify: FastifyInstance,
  check: GatewayEndpoint,
  address: ListeningAddress,
): Promise<Server> {
  return listen(address, (request, response) => {
    if (check.isAsked(request.url ?? '')) {
      check.answer(request, response);
      return;
    }
    listenerOfRequest.set(request, 'gateway');
    fastify.routing(request, response);
  });
}

export async function listenForOperators(
  fastify: FastifyInstance,
  address: ListeningAddress,
): Promise<Server> {
  return listen(address, (request, response) => {
    listenerOfRequest.set(request, 'admin');
    // The public port has its page at `/docs`. On this port, `/` redirects to the page.
    if (request.url === '/docs') request.url = '/';
    fastify.routing(request, response);
  });
}

async function listen({ host, port }: ListeningAddress, answer: RequestListener): Promise<Server> {
  const server = createServer(serverOptions, answer);
  server.on('clientError', answerBrokenRequest);
  answerInsteadOfNode(server);
  rememberConnections(server);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
