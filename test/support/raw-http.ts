import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON. */
  readonly body: unknown;
  /** Everything that came, further answers too. */
  readonly text: string;
}

/** Writes bytes to a port as they are, piece by piece, and reads until the server closes the connection. */
export async function sendRaw(port: number, ...pieces: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that closes before it has read everything resets the connection; what it said has arrived.
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  for (const piece of pieces)
    await new Promise<void>((resolve) => {
      socket.write(piece, () => {
        setImmediate(resolve);
      });
    });
  await closed;
  return parseRawAnswer(Buffer.concat(chunks).toString('utf8'));
}

/** A request of one line and headers, on a connection that ends with the answer. */
export function aRequest(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
}

type HeaderLines = (good: string) => readonly string[];

/** Ways to send `Authorization` twice, given the line that would be accepted. */
export const repeatedAuthorization: readonly (readonly [name: string, lines: HeaderLines])[] = [
  ['the same', (good) => [good, good]],
  ['first a good one', (good) => [good, 'Authorization: Bearer junk']],
  ['first a bad one', (good) => ['Authorization: Bearer junk', good]],
  ['first an empty one', (good) => ['Authorization:', good]],
  ['in other cases', (good) => [good, good.replace('Authorization', 'aUTHORIZATION')]],
  ['far apart', (good) => [good, ...Array.from({ length: 500 }, () => 'a:'), good]],
];

export function parseRawAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const body = rest.join('\r\n\r\n');
  return { status: Number(statusLine.split(' ')[1]), headers, body: parseBody(body), text };
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
