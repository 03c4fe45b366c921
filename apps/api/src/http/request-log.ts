import type { FastifyInstance } from 'fastify';
import type { Logger } from '@countersign/observability';
import { onAnswered } from './on-answered';

/** One line per answer. The route's pattern stands for the URL, which may hold what a client should not have put there. */
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
