import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerBrokenRequest } from './broken-request';
import { LateResponse } from './late-response';

/** Settings of node:http that both listeners share; times in milliseconds. */
export const serverOptions = {
  /** For a whole request to arrive, slow clients included. */
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  /** Node would answer without a body; `refuseMalformed` answers a problem. */
  requireHostHeader: false,
  ServerResponse: LateResponse,
};

/** Answers what node:http would otherwise answer without a body, or drop silently. */
export function answerInsteadOfNode(server: Server): void {
  // Their total size is limited; above a count, Node would silently drop the rest.
  server.maxHeadersCount = 0;
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node has removed its own listeners.
    socket.on('error', () => undefined);
    answerBrokenRequest(new Error('CONNECT is for proxies'), socket);
    socket.destroySoon();
  });
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}
