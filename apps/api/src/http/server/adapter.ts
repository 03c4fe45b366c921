import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Configuration } from '@countersign/runtime';
import { MAX_BODY_BYTES, requestIdOf, trustedProxy } from '@countersign/http';
import { answerBrokenRequest, serverOptions } from './server-options';
import { routableUrl } from './malformed-requests';

const MAX_URL_LENGTH = 16 * 1024;

/** Creates the adapter with our request ids, bounded bodies, and problem details for broken HTTP. */
export function createAdapter(configuration: Configuration): FastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: MAX_BODY_BYTES,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    trustProxy: trustedProxy(configuration),
    rewriteUrl: ({ url }) => routableUrl(url ?? '/'),
    // The route answers an id that is too long as an unknown id. The router would answer otherwise.
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
  /** `configureApp` sets the handler. A route keeps the handler of its registration, and some precede Nest. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }
}
