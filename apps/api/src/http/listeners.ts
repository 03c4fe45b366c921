import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { requestError } from '@countersign/http';
import { answerBrokenRequest } from './broken-request';
import { answerInsteadOfNode, serverOptions } from './server-options';

const forGateway = new WeakSet<IncomingMessage>();

/** Routes of the gateway's own listener. `/v1/gateway/` is on no other; health is on both. */
const GATEWAY_ONLY = '/v1/gateway/';
const ON_BOTH = '/health/';

/** @param route the pattern of a route. */
export function isOnItsListener(route: string, { raw }: FastifyRequest): boolean {
  return route.startsWith(ON_BOTH) || route.startsWith(GATEWAY_ONLY) === forGateway.has(raw);
}

/** Answers 404 where a route is asked on the listener that it is not for. */
export function onlyOnItsListener(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url !== undefined && !isOnItsListener(url, request)) throw requestError('request.route_not_found');
  });
}

/** A second listener of the same application, for the API gateway only. */
export async function listenForGateway(
  fastify: FastifyInstance,
  host: string,
  port: number,
): Promise<Server> {
  const server = createServer(serverOptions, (request, response) => {
    forGateway.add(request);
    fastify.routing(request, response);
  });
  server.on('clientError', answerBrokenRequest);
  answerInsteadOfNode(server);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
