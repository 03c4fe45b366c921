import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import { stopServer } from '../stop-server';

export type FakeOidcEndpoint = 'discovery' | 'jwks' | 'auth' | 'token';

/** A fault of an endpoint, until it is removed. */
export type FakeOidcFault =
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'answer'; readonly status: number; readonly body?: string }
  /** The correct response, followed by this many blanks: a reader without a limit would accept it. */
  | { readonly kind: 'oversize'; readonly bytes: number };

export interface FakeOidcRequest {
  readonly endpoint: FakeOidcEndpoint;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const ROUTES: Readonly<Record<string, FakeOidcEndpoint>> = {
  'GET /.well-known/openid-configuration': 'discovery',
  'GET /.well-known/jwks.json': 'jwks',
  'GET /auth': 'auth',
  'POST /token': 'token',
};

/** In bytes. */
const MAX_BODY_BYTES = 65_536;

/** The HTTP of the fake: routes, counts and faults, and nothing of the protocol. */
export class FakeOidcListener {
  readonly faults = new Map<FakeOidcEndpoint, FakeOidcFault>();
  readonly requests: Record<FakeOidcEndpoint, number> = { discovery: 0, jwks: 0, auth: 0, token: 0 };
  private server: Server | null = null;

  constructor(
    private port: number,
    private readonly answer: (request: FakeOidcRequest) => FakeOidcAnswer,
  ) {}

  /** @throws Error before the first start */
  get origin(): string {
    if (this.port === 0) throw new Error('the fake OpenID Connect server has not been started');
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens on 127.0.0.1; after a stop, on the same port again. */
  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => {
      this.serve(request, response).catch(() => response.destroy());
    });
    this.server = server;
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
  }

  /** Also ends the requests that hang. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server) await stopServer(server);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', this.origin);
    const endpoint = ROUTES[`${request.method ?? ''} ${pathname}`];
    if (!endpoint) {
      send(response, pageAnswer(404, 'not found'));
      return;
    }

    this.requests[endpoint] += 1;
    const fault = this.faults.get(endpoint);
    const body = await readBody(request);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'delay') await sleep(fault.milliseconds, null, { ref: false });
    if (fault?.kind === 'answer') {
      send(response, { status: fault.status, headers: {}, body: fault.body ?? '' });
      return;
    }
    const answer = this.answer({ endpoint, query, headers: request.headers, body });
    const padding = fault?.kind === 'oversize' ? ' '.repeat(fault.bytes) : '';
    send(response, { ...answer, body: answer.body + padding });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One request per connection: a kept connection would be stale after a restart. */
function send(response: ServerResponse, { status, headers, body }: FakeOidcAnswer): void {
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}
