import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { requestError } from '@countersign/http';

const forGateway = new WeakSet<IncomingMessage>();

/** Routes of the gateway's own listener. `/v1/gateway/` is on no other; health is on both. */
const GATEWAY_ONLY = /^\/v1\/gateway\//;
const ON_BOTH = /^\/health\//;

/** Answers 404 where a route is asked on the listener that it is not for. */
export function onlyOnItsListener(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    const { url } = request.routeOptions;
    if (url === undefined || ON_BOTH.test(url)) return;
    if (GATEWAY_ONLY.test(url) !== forGateway.has(request.raw)) throw requestError('request.route_not_found');
  });
}

/** A second listener of the same application, for the API gateway only. */
export async function listenForGateway(
  fastify: FastifyInstance,
  host: string,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => {
    forGateway.add(request);
    fastify.routing(request, response);
  });
  server.keepAliveTimeout = 65_000;
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
