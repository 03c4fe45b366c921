import type { FastifyInstance } from 'fastify';
import type { AllowedOrigins } from '@countersign/applications';
import type { IntrospectionEndpoint } from '@countersign/oauth';
import { readableBy } from './cross-origin';

/**
 * Passes introspection on the public listener to its endpoint, and all other requests to Fastify.
 * @param headers of every response
 */
export function answerBeforeRouting(
  fastify: FastifyInstance,
  introspection: IntrospectionEndpoint,
  origins: AllowedOrigins,
  headers: Readonly<Record<string, string>>,
): void {
  const { server } = fastify;
  const common = Object.entries(headers).flat();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { origin } = request.headers;
    if (!introspection.isAsked(request)) fastify.routing(request, response);
    else if (origin === undefined) introspection.answer(request, response, common);
    else
      void readableBy(origins, origin).then((readable) => {
        introspection.answer(request, response, [...common, ...readable]);
      });
  });
}
