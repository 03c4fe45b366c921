import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { GatewayEndpoint } from '@countersign/gateway';
import { requestError } from '@countersign/http';
import type { IntrospectionEndpoint } from '@countersign/oauth';
import { answerBrokenRequest } from './broken-request';
import { answerInsteadOfNode, serverOptions } from './server-options';

const forGateway = new WeakSet<IncomingMessage>();
const stopping = new WeakSet<Server>();

/** Requests that are under way get so long to be answered. */
const DRAIN_MS = 5_000;
const LOOK_MS = 20;

/** Routes of the gateway's own listener, and of no other. */
const GATEWAY_ONLY = ['/v1/gateway/', '/metrics'];
const ON_BOTH = ['/health/', '/.well-known/'];

/** Whether a request came in by the gateway's listener. */
export function isForGateway({ raw }: FastifyRequest): boolean {
  return forGateway.has(raw);
}

/** @param route the pattern of a route. */
export function isOnItsListener(route: string, request: FastifyRequest): boolean {
  const isAmong = (prefixes: readonly string[]): boolean =>
    prefixes.some((prefix) => route.startsWith(prefix));
  return isAmong(ON_BOTH) || isAmong(GATEWAY_ONLY) === isForGateway(request);
}

/** Answers 404 where a route is asked on the listener that it is not for. */
export function onlyOnItsListener(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.routeOptions;
    const isElsewhere = url !== undefined && !isOnItsListener(url, request);
    done(isElsewhere ? requestError('request.route_not_found') : undefined);
  });
}

/** Gives the public listener's requests to `introspection` first, as far as they are plain. */
export function answerBeforeRouting(
  fastify: FastifyInstance,
  introspection: IntrospectionEndpoint,
  headers: Readonly<Record<string, string>>,
): void {
  const { server } = fastify;
  const common = Object.entries(headers).flat();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const pass = (): void => {
      fastify.routing(request, response);
    };
    // Who is on its way out says so, and that is the framework's part.
    if (server.listening && introspection.isAsked(request))
      void introspection.answer(request, response, common, pass);
    else pass();
  });
}

/** A second listener of the same application, for the API gateway only. */
export async function listenForGateway(
  fastify: FastifyInstance,
  check: GatewayEndpoint,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = createServer(serverOptions, (request, response) => {
    if (stopping.has(server)) response.setHeader('connection', 'close');
    if (check.isAsked(request.url ?? '')) {
      check.answer(request, response);
      return;
    }
    forGateway.add(request);
    fastify.routing(request, response);
  });
  server.on('clientError', answerBrokenRequest);
  answerInsteadOfNode(server);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

/** Takes no further connection, answers what is under way, and resolves when nobody asks any more. */
export async function drain(server: Server): Promise<void> {
  stopping.add(server);
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_MS);
  await Promise.race([closed, sleep(DRAIN_MS, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
}
