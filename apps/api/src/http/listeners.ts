import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayEndpoint } from '@countersign/gateway';
import { requestError } from '@countersign/http';
import { answerBrokenRequest } from './broken-request';
import { rememberConnections } from './draining';
import { answerInsteadOfNode, serverOptions } from './server-options';

export type Listener = 'public' | 'gateway';

const forGateway = new WeakSet<IncomingMessage>();

/** Routes of the gateway's own listener, and of no other. */
const GATEWAY_ONLY = ['/v1/gateway/', '/metrics'];
const ON_BOTH = ['/health/', '/.well-known/'];

/** Whether a request came in by the gateway's listener. */
export function isForGateway({ raw }: FastifyRequest): boolean {
  return forGateway.has(raw);
}

/** @param route the pattern of a route. */
export function isOnItsListener(route: string, request: FastifyRequest): boolean {
  return isServedOn(isForGateway(request) ? 'gateway' : 'public', route);
}

/** @param route the pattern of a route. */
export function isServedOn(listener: Listener, route: string): boolean {
  const isAmong = (prefixes: readonly string[]): boolean =>
    prefixes.some((prefix) => route.startsWith(prefix));
  return isAmong(ON_BOTH) || isAmong(GATEWAY_ONLY) === (listener === 'gateway');
}

/** Answers 404 where a route is called on the listener of the other audience. */
export function onlyOnItsListener(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.routeOptions;
    const isElsewhere = url !== undefined && !isOnItsListener(url, request);
    done(isElsewhere ? requestError('request.route_not_found') : undefined);
  });
}

/** A second listener of the same application, for the API gateway only. */
export async function listenForGateway(
  fastify: FastifyInstance,
  check: GatewayEndpoint,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer(serverOptions, (request, response) => {
    if (check.isAsked(request.url ?? '')) {
      check.answer(request, response);
      return;
    }
    forGateway.add(request);
    fastify.routing(request, response);
  });
  server.on('clientError', answerBrokenRequest);
  answerInsteadOfNode(server);
  rememberConnections(server);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
