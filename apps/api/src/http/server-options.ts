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

/** Takes over what node:http would otherwise answer by itself, without a body, or drop without a word. */
export function answerInsteadOfNode(server: Server): void {
  // Their size is limited; of more than so many Node would keep the first and say nothing.
  server.maxHeadersCount = 0;
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node has taken its own listeners away.
    socket.on('error', () => undefined);
    answerBrokenRequest(new Error('CONNECT is for proxies'), socket);
    socket.destroySoon();
  });
  // RFC 9110 section 10.1.1: an expectation that is not known may be ignored.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}
