import type { FastifyInstance } from 'fastify';
import type { Logger } from '@countersign/observability';
import { onAnswered } from './on-answered';

/**
 * One line per response. It logs the route's pattern, not the URL, which may contain secrets by a client's
 * mistake.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  onAnswered(fastify, (request, reply) => {
    const { problemCode, callerUserId } = request;
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(problemCode ? { code: problemCode } : {}),
        ...(callerUserId ? { userId: callerUserId } : {}),
        ...(reply.raw.writableFinished ? {} : { isHungUp: true }),
      },
      'answered',
    );
  });
}
