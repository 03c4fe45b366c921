import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { app as expressApp } from './examples/express';
import { app as fastifyApp } from './examples/fastify';
import { aKey, aTokenOf, TestIssuer } from './test-issuer';

const ISSUER = 'https://id.example.com';
const key = aKey('key-1');
const issuer = new TestIssuer();

/** The issuer that the examples name, at the place of the internet. Everything else is fetched as ever. */
function answerForIssuer(): void {
  const real = globalThis.fetch;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    return url === `${ISSUER}/.well-known/jwks.json` ? Response.json({ keys: [key.jwk] }) : real(input, init);
  });
}

beforeAll(answerForIssuer);
afterAll(() => jest.restoreAllMocks());

function tokenWith(claims: Record<string, unknown> = {}): Promise<string> {
  issuer.now = new Date();
  return aTokenOf(key, issuer.claims({ iss: ISSUER, ...claims }));
}

type Send = (request: Request) => Promise<Response | undefined>;

const overHttp = (server: Server): Send => {
  const { port } = server.address() as AddressInfo;
  return ({ url, method, headers }) =>
    fetch(new URL(new URL(url).pathname, `http://127.0.0.1:${port}`), { method, headers });
};

async function closed(server: Server): Promise<void> {
  const closing = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closing;
}

describe.each<[string, () => Promise<[send: Send, close: () => Promise<unknown>]>]>([
  [
    'Express',
    async () => {
      const server = expressApp.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return [overHttp(server), () => closed(server)];
    },
  ],
  [
    'Fastify',
    async () => {
      await fastifyApp.listen({ port: 0, host: '127.0.0.1' });
      return [overHttp(fastifyApp.server), () => fastifyApp.close()];
    },
  ],
])('the example for %s', (_, start) => {
  let send: Send;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    [send, close] = await start();
  });
  afterAll(() => close());

  async function call(method: string, token?: string): Promise<[number | undefined, unknown]> {
    const headers = token === undefined ? {} : { 'X-Identity-Token': token };
    const answer = await send(new Request('http://shop/orders', { method, headers }));
    return [answer?.status, await answer?.json()];
  }

  it('says who calls', async () => {
    expect(await call('GET', await tokenWith())).toEqual([200, { userId: 'user-1' }]);
    expect(await call('POST', await tokenWith())).toEqual([201, { userId: 'user-1' }]);
  });

  it('lets no other request pass', async () => {
    expect(await call('GET')).toMatchObject([401, { code: 'identity_token.missing' }]);
    expect(await call('POST', await tokenWith({ scope: 'orders:read' }))).toMatchObject([
      403,
      { code: 'identity_token.insufficient_scope' },
    ]);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

  it.each(['express.ts', 'fastify.ts'])('shows the example of %s as it is tested', (file) => {
    const example = readFileSync(join(__dirname, 'examples', file), 'utf8');

    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  });
});
