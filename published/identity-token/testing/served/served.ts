import { once } from 'node:events';
import { request, type Server, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IdentityTokenVerifier } from '@countersign/identity-token';

/** Headers as they go over the wire: name, value, name, value. */
type Headers = readonly string[];

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * A service with the routes `GET /orders` for all callers, `GET /orders/all` for the scopes `orders:read` and
 * `orders:all`, `GET /refunds` for the assurance `platform`, and `GET /open`, which is not guarded and asks who calls.
 */
export interface Served {
  /** How often the route's own code ran. */
  calls(): number;
  get(path: string, ...headers: Headers): Promise<Answer>;
  close(): Promise<unknown>;
}

export type Serve = (verifier: IdentityTokenVerifier) => Promise<Served>;

export async function getFrom(server: Server, path: string, headers: Headers): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const asked = request({
    port,
    path,
    host: '127.0.0.1',
    headers: ['Host', 'shop', ...headers],
    agent: false,
  });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
