import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { app as expressApp } from '../examples/express';
import { app as fastifyApp } from '../examples/fastify';
import { app as honoApp } from '../examples/hono';
import { proxy } from '../examples/next/proxy';
import { GET } from '../examples/next/route';
import { aKey, aTokenOf, TestIssuer } from '../test-issuer';

/** What services of other frameworks than Nest do with the package. Fails unless it works. */
async function run(): Promise<void> {
  const issuer = new TestIssuer();
  const key = aKey('key-1');
  issuer.now = new Date();
  const token = await aTokenOf(key, issuer.claims({ iss: 'https://id.example.com' }));
  const real = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    String(input).startsWith('https://id.example.com/')
      ? Promise.resolve(Response.json({ keys: [key.jwk] }))
      : real(input, init);
  const requestWith = (headers: Record<string, string>): Request =>
    new Request('http://shop/orders', { headers });

  const server = expressApp.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const services: Record<string, (headers: Record<string, string>) => Promise<[number, unknown]>> = {
    express: (headers) => readOf(real(`http://127.0.0.1:${port}/orders`, { headers })),
    fastify: async (headers) => {
      const answer = await fastifyApp.inject({ url: '/orders', headers });
      return [answer.statusCode, answer.json()];
    },
    hono: (headers) => readOf(honoApp.request('/orders', { headers })),
    next: (headers) => readOf(GET(requestWith(headers))),
  };
  for (const [name, ask] of Object.entries(services)) {
    assert.deepEqual(await ask({ 'x-identity-token': token }), [200, { userId: 'user-1' }], name);
    assert.equal((await ask({}))[0], 401, name);
  }
  assert.equal(await proxy(requestWith({ 'x-identity-token': token })), undefined);
  assert.equal((await proxy(requestWith({})))?.status, 401);
  server.close();
  await fastifyApp.close();
}

async function readOf(answering: Response | Promise<Response>): Promise<[number, unknown]> {
  const answer = await answering;
  return [answer.status, await answer.json()];
}

void run();
