import type { FastifyInstance } from 'fastify';
import type { DpopNonces } from '@countersign/sessions';

/** A response to a request with a device key proof carries the next nonce, RFC 9449 section 8.2. */
export function offerNonces(fastify: FastifyInstance, nonces: DpopNonces): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.headers.dpop !== undefined) void reply.header('dpop-nonce', nonces.next());
    done();
  });
}
