import type { FastifyInstance } from 'fastify';
import type { Metrics } from '@countersign/observability';
import { onAnswered } from '../http/on-answered';
import { countedDoors } from './doors';

const REFRESH_ROUTE = '/v1/auth/refresh';

/** Counts what was answered, and at the doors how it ended. The pattern of the route stands for the URL. */
export function countRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const doors = new Map(countedDoors.map((counted) => [counted.route, counted]));
  onAnswered(fastify, (request, reply) => {
    const { method, problemCode, routeOptions } = request;
    const route = routeOptions.url ?? 'unknown';
    metrics.requestAnswered({ route, method, status: reply.statusCode, seconds: reply.elapsedTime / 1_000 });
    if (problemCode === 'service.data_unreadable') metrics.dataUnreadable();
    if (route === REFRESH_ROUTE) metrics.refresh(problemCode ?? 'refreshed');
    const counted = doors.get(route);
    if (counted?.method === method) metrics.signIn(counted.door, problemCode ?? counted.success);
  });
}
