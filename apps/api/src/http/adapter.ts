import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Configuration } from '@countersign/config';
import { answerBrokenRequest } from './broken-request';
import { routableUrl } from './malformed-requests';
import { serverOptions } from './server-options';

export const BODY_LIMIT_BYTES = 64 * 1024;
const LONGEST_URL = 16 * 1024;
const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Fastify as this service wants it: its own request ids, bounded bodies, problem details also for broken HTTP. */
export function createAdapter({ trustedProxies }: Configuration): FastifyAdapter {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    rewriteUrl: ({ url }) => routableUrl(url ?? '/'),
    // An id that is too long is an id that does not exist: the route says so, not the router.
    routerOptions: { maxParamLength: LONGEST_URL },
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
  /** `configureApp` sets the handler: a route keeps the one that it finds, and some are there before Nest comes. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance();
  }
}

function requestIdOf(presented: string | string[] | undefined): string {
  return typeof presented === 'string' && SANE_REQUEST_ID.test(presented) ? presented : uuidv7();
}
