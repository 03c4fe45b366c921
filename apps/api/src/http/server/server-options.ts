import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { LateResponse } from './late-response';
import { v7 as uuidv7 } from 'uuid';
import { problemHeaders, requestError, toProblem } from '@countersign/http';

type BrokenRequest = Error & { readonly code?: string };

/** A client that reads the response closes the connection. After this time the server closes it. */
const LINGER_MS = 2_000;

/** The parser gave up, so there is only a socket, without a request and a reply. */
export function answerBrokenRequest(failure: BrokenRequest, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = requestError(
    failure.code === 'HPE_HEADER_OVERFLOW' ? 'request.too_large' : 'request.malformed',
  );
  const problem = toProblem(error, uuidv7());
  const body = JSON.stringify(problem);
  const headers = {
    ...problemHeaders(error),
    'x-request-id': problem.requestId,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  endSoon(
    socket,
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head.join('')}\r\n${body}`,
  );
}

/** Nothing else closes the socket: node:http forgets a connection after a parse error or CONNECT. */
function endSoon(socket: Socket, text: string): void {
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(lingering);
  });
  socket.end(text);
}

/** The settings of node:http for all listeners. Times are in milliseconds. */
export const serverOptions = {
  /** The time for the arrival of a whole request, also from slow clients. */
  requestTimeout: 30_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 65_000,
  /** Node would answer without a body. `refuseMalformed` answers with a problem. */
  requireHostHeader: false,
  ServerResponse: LateResponse,
};

/** Answers requests that node:http would answer without a body, or drop silently. */
export function answerInsteadOfNode(server: Server): void {
  // The total size of headers is limited. Above a count, Node would silently drop the rest.
  server.maxHeadersCount = 0;
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node has removed its own listeners.
    socket.on('error', () => undefined);
    answerBrokenRequest(new Error('CONNECT is for proxies'), socket);
    socket.destroySoon();
  });
  // A server may ignore an unknown expectation (RFC 9110 section 10.1.1).
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}
