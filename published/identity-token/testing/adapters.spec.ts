import { createIdentityTokenVerifier, type IdentityTokenVerifier } from '../src';
import { serveByExpress } from './served/express';
import { serveByFastify } from './served/fastify';
import type { Serve, Served } from './served/served';
import { aKey, aTokenOf, TestIssuer } from './test-issuer';

const key = aKey('key-1');

let issuer: TestIssuer;
let verifier: IdentityTokenVerifier;

beforeEach(async () => {
  issuer = new TestIssuer();
  issuer.published = [key.jwk];
  await issuer.start();
  verifier = createIdentityTokenVerifier({ issuer: issuer.url, audience: 'shop', now: () => issuer.now });
});
afterEach(() => issuer.stop());

function tokenWith(claims: Record<string, unknown> = {}): Promise<string> {
  return aTokenOf(key, issuer.claims(claims));
}

describe.each<[string, Serve]>([
  ['Express', serveByExpress],
  ['Fastify', serveByFastify],
])('requireAuth() of %s', (_, serve) => {
  let service: Served;

  beforeEach(async () => {
    service = await serve(verifier);
  });
  afterEach(() => service.close());

  const get = (path: string, token: string) => service.get(path, 'X-Identity-Token', token);

  it('says who calls, and keeps headers that were set before', async () => {
    expect(await get('/orders', await tokenWith())).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://shop.example.com' },
      body: { userId: 'user-1', scopes: ['orders:read', 'orders:write'] },
    });
  });

  it('keeps simultaneous callers apart', async () => {
    const names = Array.from({ length: 10 }, (__, index) => `user-${index}`);
    // The keys are there.
    await get('/orders', await tokenWith());
    const answers = await Promise.all(names.map(async (sub) => get('/orders', await tokenWith({ sub }))));

    expect(answers.map(({ body }) => (body as { userId: string }).userId)).toEqual(names);
  });

  it('answers 401 without a token, with a challenge that names no error', async () => {
    const answer = await service.get('/orders');

    expect(answer).toMatchObject({
      status: 401,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'www-authenticate': 'Bearer realm="countersign"',
      },
    });
  });

  it('answers 401 to a bad token, and nothing of it', async () => {
    const token = await tokenWith({ aud: 'store' });
    const answer = await get('/orders', token);

    expect(answer).toMatchObject({
      status: 401,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'www-authenticate': 'Bearer realm="countersign", error="invalid_token"',
      },
      body: { code: 'identity_token.wrong_audience' },
    });
    expect(JSON.stringify(answer)).not.toContain(token.slice(-20));
  });

  it('answers 401 to a header that was sent twice', async () => {
    const token = await tokenWith();

    expect(await service.get('/orders', 'x-identity-token', token, 'X-Identity-Token', token)).toMatchObject({
      status: 401,
      body: { code: 'identity_token.malformed' },
    });
  });

  it('answers 403 to a session without all scopes', async () => {
    expect(await get('/orders/all', await tokenWith())).toMatchObject({
      status: 403,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'www-authenticate':
          'Bearer realm="countersign", error="insufficient_scope", scope="orders:read orders:all"',
      },
      body: { title: 'Forbidden', code: 'identity_token.insufficient_scope' },
    });
    expect((await get('/orders/all', await tokenWith({ scope: 'orders:all orders:read' }))).status).toBe(200);
  });

  it('answers 503 and when to come back while the keys are away', async () => {
    const token = await tokenWith();
    await issuer.stop();
    const answer = await get('/orders', token);

    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', 'retry-after': '5' },
      body: { title: 'Service Unavailable', code: 'identity_token.keys_unavailable' },
    });
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });

  it('runs nothing of a route whose request it does not let pass', async () => {
    const expired = await tokenWith();
    issuer.wait(306);
    for (const path of ['/orders', '/orders/all', '/refunds']) {
      expect((await get(path, expired)).status).toBe(401);
    }

    expect(service.calls()).toBe(0);
    await get('/orders', await tokenWith());
    expect(service.calls()).toBe(1);
  });

  it('leaves other errors of the verifier to the framework', async () => {
    const defective = await serve({ verify: () => Promise.reject(new Error('a defect')) });
    const answer = await defective.get('/orders', 'X-Identity-Token', await tokenWith());
    await defective.close();

    expect(answer).toMatchObject({ status: 500, body: { message: expect.stringContaining('a defect') } });
    expect(defective.calls()).toBe(0);
  });

  it('is missed by getAuth() where a route is not guarded', async () => {
    expect(await get('/open', await tokenWith())).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining('getAuth() needs requireAuth()') },
    });
  });
});
