import type { FastifyInstance } from 'fastify';
import type { AgreedClock } from '@countersign/database';

const API = '/v1/';

/**
 * Answers all calls of the API with 503 while the clock of this machine is wrong: by it a good token has expired, and one that
 * has expired is good.
 */
export function refuseByWrongClock(fastify: FastifyInstance, clock: AgreedClock): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.url?.startsWith(API)) clock.assertRight();
    done();
  });
}
