import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestSpan, Tracing } from '@countersign/observability';
import { onAnswered } from '../http/on-answered';

/**
 * One span per request, from its first hook to the end of its response. Call it before other hooks are added.
 */
export function traceRequests(fastify: FastifyInstance, tracing: Tracing): void {
  if (!tracing.isOn) return;
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions, headers } = request;
    const { traceparent } = headers;
    const span = tracing.openRequest({
      method,
      route: routeOptions.url ?? null,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    spans.set(request, span);
    span.run(done);
  });
  onAnswered(fastify, (request, reply) => {
    spans.get(request)?.end({ status: reply.statusCode, errorCode: request.problemCode });
  });
}
