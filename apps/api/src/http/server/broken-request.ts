import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { problemHeaders, requestError, toProblem } from '@countersign/http';

/** What node:http says of a request that it could not read. */
type BrokenRequest = Error & { readonly code?: string };

/** A client that reads the response closes the connection; after this time it is closed here. */
const LINGER_MS = 2_000;

/** The parser gave up, so there is no request and no reply, only a socket. */
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

/** Nothing else closes it: node:http lets go of a connection after a parse error or CONNECT. */
function endSoon(socket: Socket, text: string): void {
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(lingering);
  });
  socket.end(text);
}
