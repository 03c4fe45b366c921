import type { Socket } from 'node:net';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { Configuration } from '@countersign/config';
import { problemHeaders, requestError, statusOf, toAppError, toProblem } from '@countersign/http';

export const BODY_LIMIT_BYTES = 64 * 1024;
const SANE_REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Fastify as this service wants it: its own request ids, bounded bodies, problem details also for broken HTTP. */
export function createAdapter({ trustedProxies }: Configuration): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers['x-request-id']),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    frameworkErrors: (thrown: Error, request: FastifyRequest, reply: FastifyReply) => {
      const error = toAppError(thrown);
      void reply
        .status(statusOf(error.kind))
        .headers({ ...problemHeaders(error), 'x-request-id': request.id })
        .send(JSON.stringify(toProblem(error, request.id)));
    },
    clientErrorHandler: answerBrokenRequest,
  });
}

function requestIdOf(presented: string | string[] | undefined): string {
  return typeof presented === 'string' && SANE_REQUEST_ID.test(presented) ? presented : uuidv7();
}

/** The parser gave up, so there is no request and no reply, only a socket. */
function answerBrokenRequest(failure: Error & { code?: string }, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = requestError(
    failure.code === 'HPE_HEADER_OVERFLOW' ? 'request.too_large' : 'request.malformed',
  );
  const requestId = uuidv7();
  const body = JSON.stringify(toProblem(error, requestId));
  const status = statusOf(error.kind);
  const headers = {
    ...problemHeaders(error),
    'x-request-id': requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${body}`);
}
