import type { FastifyInstance } from 'fastify';
import type { Metrics } from '@countersign/observability';
import { onAnswered } from '../http/on-answered';

const REFRESH_ROUTE = '/v1/auth/refresh';
const ADMIN_ROUTES = '/v1/admin/';
/** No token, no scope, or a ceiling reached. */
const ADMIN_REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

/** Counts responses, and outcomes per door. Labelled by the route's pattern, not the URL. */
export function countRequests(fastify: FastifyInstance, metrics: Metrics): void {
  onAnswered(fastify, (request, reply) => {
    const { method, problemCode, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    metrics.requestAnswered({ route, method, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 });
    if (problemCode === 'service.data_unreadable') metrics.dataUnreadable();
    if (problemCode && route.startsWith(ADMIN_ROUTES) && ADMIN_REFUSALS.has(reply.statusCode))
      metrics.adminRefused(problemCode);
    if (route === REFRESH_ROUTE) metrics.refresh(problemCode ?? 'refreshed');
    const { door } = routeOptions.config;
    // Fastify answers HEAD with the route of GET.
    if (door && method !== 'HEAD') metrics.signIn(door.name, problemCode ?? door.success);
  });
}
