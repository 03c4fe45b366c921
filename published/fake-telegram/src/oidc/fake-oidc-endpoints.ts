import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageAnswer, type FakeOidcAnswer } from './fake-oidc-answer';
import { readBody } from '../local-server';

export type FakeOidcEndpoint = 'discovery' | 'jwks' | 'auth' | 'token';

/** A fault of an endpoint, until it is removed. */
export type FakeOidcFault =
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

/** The HTTP of the fake: routes, counts and faults, and nothing of the protocol. */
export class FakeOidcEndpoints {
  readonly faults = new Map<FakeOidcEndpoint, FakeOidcFault>();
  readonly requests: Record<FakeOidcEndpoint, number> = { discovery: 0, jwks: 0, auth: 0, token: 0 };

  constructor(private readonly answer: (request: FakeOidcRequest) => FakeOidcAnswer) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const endpoint = ROUTES[`${request.method ?? ''} ${pathname}`];
    if (!endpoint) {
      send(response, pageAnswer(404, 'not found'));
      return;
    }

    this.requests[endpoint] += 1;
    const fault = this.faults.get(endpoint);
    const body = await readBody(request);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer') {
      send(response, { status: fault.status, headers: {}, body: fault.body ?? '' });
      return;
    }
    const answer = this.answer({ endpoint, query, headers: request.headers, body });
    const padding = fault?.kind === 'oversize' ? ' '.repeat(fault.bytes) : '';
    send(response, { ...answer, body: answer.body + padding });
  }
}

/** One request per connection: a kept connection would be stale after a restart. */
function send(response: ServerResponse, { status, headers, body }: FakeOidcAnswer): void {
  response.writeHead(status, { ...headers, connection: 'close' }).end(body);
}
