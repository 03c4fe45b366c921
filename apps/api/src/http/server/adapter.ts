import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Configuration } from '@countersign/runtime';
import { MAX_BODY_BYTES, requestIdOf, trustedProxy } from '@countersign/http';
import { answerBrokenRequest, serverOptions } from './server-options';
import { routableUrl } from './malformed-requests';

const MAX_URL_LENGTH = 16 * 1024;

/** The Fastify adapter: our own request ids, bounded bodies, problem details for broken HTTP too. */
export function createAdapter(configuration: Configuration): FastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: MAX_BODY_BYTES,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    trustProxy: trustedProxy(configuration),
    rewriteUrl: ({ url }) => routableUrl(url ?? '/'),
    // An over-long id is an unknown id: the route answers that, not the router.
    routerOptions: { maxParamLength: MAX_URL_LENGTH },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: serverOptions,
    requestTimeout: serverOptions.requestTimeout,
    keepAliveTimeout: serverOptions.keepAliveTimeout,
    clientErrorHandler: answerBrokenRequest,
  };
  return new Adapter(options);
}

class Adapter extends FastifyAdapter {
  /**
   * `configureApp` sets the handler. Routes keep the handler that is set when they are added, and some are
   * added before Nest.
   */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }
}
