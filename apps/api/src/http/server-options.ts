import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerBrokenRequest } from './broken-request';

/** Settings of node:http that both listeners share; times in milliseconds. */
export const serverOptions = {
  /** For a whole request to arrive, slow clients included. */
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  /** Node would answer without a body; `refuseMalformed` answers a problem. */
  requireHostHeader: false,
};

/** Takes over what node:http would otherwise answer by itself, without a body. */
export function answerInsteadOfNode(server: Server): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    answerBrokenRequest(new Error('CONNECT is for proxies'), socket);
  });
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}
