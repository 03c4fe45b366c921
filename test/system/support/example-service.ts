import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  IdentityTokenError,
  createIdentityTokenVerifier,
  type IdentityToken,
  type IdentityTokenOptions,
  type IdentityTokenVerifier,
} from '@countersign/identity-token';

/** A request as the service behind the gateway got it. */
export class Received {
  constructor(
    readonly method: string,
    readonly url: string,
    /** Names and values by turns, as they came. */
    readonly rawHeaders: readonly string[],
  ) {}

  /** All values under a name, however its letters are written. */
  valuesOf(name: string): string[] {
    return this.rawHeaders.filter(
      (_, place) => place % 2 === 1 && this.rawHeaders[place - 1]?.toLowerCase() === name.toLowerCase(),
    );
  }

  /** All headers that some framework would read as the given one: `X_User.Id` as `X-User-Id`. */
  aliasesOf(name: string): string[] {
    const names = this.rawHeaders.filter((_, place) => place % 2 === 0);
    return names.filter((each) => plain(each) === plain(name));
  }
}

/** What it answers, as JSON. */
export interface Greeting {
  /** Whom the identity token names; `null` without one. */
  readonly caller: Pick<
    IdentityToken,
    'userId' | 'sessionId' | 'applicationId' | 'audience' | 'scopes'
  > | null;
  readonly bodyBytes: number;
}

/** A service that knows nothing of Countersign but the identity token, and keeps what it gets. */
export class ExampleService {
  readonly received: Received[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly verifier: IdentityTokenVerifier,
  ) {}

  static async start(settings: IdentityTokenOptions): Promise<ExampleService> {
    const server = createServer();
    const service = new ExampleService(server, createIdentityTokenVerifier({ timeLimit: 30, ...settings }));
    server.on('request', (request, response) => void service.answer(request, response));
    server.on('upgrade', (request, socket) => void service.upgrade(request, socket));
    server.on('connection', (socket) => {
      service.sockets.add(socket);
      socket.on('close', () => service.sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return service;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The request that came last; there has to be one. */
  get last(): Received {
    const last = this.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return last;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.keep(request);
    let bodyBytes = 0;
    for await (const chunk of request) bodyBytes += (chunk as Buffer).length;
    const [status, body] = await this.callerOf(request).then(
      (caller) => [200, { caller, bodyBytes } satisfies Greeting] as const,
      (error: unknown) =>
        [error instanceof IdentityTokenError ? 401 : 500, { refused: String(error) }] as const,
    );
    const text = JSON.stringify(body);
    response
      .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      .end(text);
  }

  /** An upgraded connection greets its caller and then repeats what it hears. */
  private async upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    this.keep(request);
    socket.on('error', () => undefined);
    const caller = await this.callerOf(request);
    const [selected] = request.headers['sec-websocket-protocol']?.split(', ') ?? [];
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Connection: Upgrade',
        'Upgrade: websocket',
        `Sec-WebSocket-Accept: ${acceptOf(request.headers['sec-websocket-key'] ?? '')}`,
        ...(selected === undefined ? [] : [`Sec-WebSocket-Protocol: ${selected}`]),
        '',
        '',
      ].join('\r\n'),
    );
    socket.write(frameOf(Buffer.from(`caller ${caller?.userId ?? 'unknown'}\n`)));
    socket.on('data', (bytes: Buffer) => socket.write(isMasked(bytes) ? frameOf(unmasked(bytes)) : bytes));
  }

  private keep({ method = '', url = '', rawHeaders }: IncomingMessage): void {
    this.received.push(new Received(method, url, rawHeaders));
  }

  private async callerOf({ headers }: IncomingMessage): Promise<Greeting['caller']> {
    const token = headers['x-identity-token'];
    if (token === undefined) return null;
    const { userId, sessionId, applicationId, audience, scopes } = await this.verifier.verify(token);
    return { userId, sessionId, applicationId, audience, scopes };
  }
}

/** RFC 6455, section 4.2.2. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** A frame of text; what is sent here is short. */
function frameOf(text: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x81, text.length), text]);
}

/** Whether this is a frame of a browser; tests also send bytes that are no frames. */
function isMasked(bytes: Buffer): boolean {
  return bytes[0] === 0x81 && (bytes[1] ?? 0) >= 0x80;
}

function unmasked(frame: Buffer): Buffer {
  return Buffer.from(frame.subarray(6).map((byte, index) => byte ^ (frame[2 + (index % 4)] ?? 0)));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-');
}
