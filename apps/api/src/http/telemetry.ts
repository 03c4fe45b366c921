import type { FastifyInstance } from 'fastify';
import type { Logger, Metrics } from '@countersign/observability';
import { onAnswered } from './on-answered';

const REFRESH_ROUTE = '/v1/auth/refresh';
const ADMIN_ROUTES = '/v1/admin/';
/** No token, no scope, or a limit reached. */
const ADMIN_REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * One line per response. It logs the route's pattern, not the URL, which may contain secrets by a client's
 * mistake.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  onAnswered(fastify, (request, reply) => {
    const { problemCode, callerUserId, adminPrincipal } = request;
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(problemCode ? { code: problemCode } : {}),
        ...(callerUserId ? { userId: callerUserId } : {}),
        ...(adminPrincipal ? { principalId: adminPrincipal.principalId } : {}),
        ...(reply.raw.writableFinished ? {} : { isHungUp: true }),
      },
      'answered',
    );
  });
}

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
