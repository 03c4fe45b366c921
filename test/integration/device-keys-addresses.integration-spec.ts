import type { Response } from 'supertest';
import { DeviceKey } from '@countersign/proofs/testing';
import type { SignInBody } from '../factories';
import { behindGateway, Device, expectChallenge, forwarded } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { aRequest, sendRaw } from '../support/raw-http';
import { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });

/** A service under other settings, with somebody whose session is bound. */
async function atService(
  environment: Record<string, string>,
  origin: (app: TestApp) => string,
  work: (app: TestApp, device: Device, session: SignInBody) => Promise<void>,
): Promise<void> {
  const app = await TestApp.start({ environment });
  try {
    const device = new Device(app, DeviceKey.generate(), origin(app));
    await work(app, device, await device.signIn(await app.createApplication()));
  } finally {
    await app.close();
  }
}

/** `GET /v1/me` with headers of the client's choice, proved for an address. */
async function getMeAs(
  app: TestApp,
  { key }: Device,
  { accessToken }: SignInBody,
  uri: string,
  headers: Record<string, string>,
): Promise<Response> {
  const dpop = await key.prove({ method: 'GET', uri, accessToken, at: app.clock.now() });
  return app.http.get('/v1/me').set({ authorization: `DPoP ${accessToken}`, dpop, ...headers });
}

/** A device and its bound session, at the service below `PUBLIC_URL`. */
async function aBoundSession(): Promise<{ device: Device; session: SignInBody }> {
  const device = new Device(app, DeviceKey.generate(), ISSUER);
  return { device, session: await device.signIn(await app.createApplication()) };
}

const forged = { 'x-forwarded-host': 'forged.example', 'x-forwarded-proto': 'https' };

describe('the address that a proof is for', () => {
  it('is below PUBLIC_URL, whatever `Host` and `X-Forwarded-*` say', async () => {
    const { device, session } = await aBoundSession();
    for (const headers of [{}, { host: 'forged.example' }, forged]) {
      const good = await getMeAs(app, device, session, `${ISSUER}/v1/me`, headers);
      expect(good.status).toBe(200);
      for (const origin of [
        `http://127.0.0.1:${app.port}`,
        'http://forged.example',
        'https://forged.example',
      ])
        expectChallenge(await getMeAs(app, device, session, `${origin}/v1/me`, headers), 'dpop.uri_mismatch');
    }
  });

  it('is the same for a client that writes it into the request line as a whole', async () => {
    const { device, session } = await aBoundSession();
    const { accessToken } = session;
    const dpop = await device.prove('GET', '/v1/me', { accessToken });
    const headers = [`Authorization: DPoP ${accessToken}`, `DPoP: ${dpop}`];
    const answer = await sendRaw(app.port, aRequest(`GET ${ISSUER}/v1/me?x=y`, ...headers));
    expect(answer.status).toBe(200);
  });

  it('is below PUBLIC_URL where that has a path', async () => {
    const origin = 'https://example.com/id';
    await atService(
      { PUBLIC_URL: `${origin}/` },
      () => origin,
      async (app, device, session) => {
        expect((await device.getMe(session)).status).toBe(200);
        expectChallenge(
          await getMeAs(app, device, session, 'https://example.com/v1/me', {}),
          'dpop.uri_mismatch',
        );
      },
    );
  });

  it('is that of the request without PUBLIC_URL, and no client’s `X-Forwarded-*`', async () => {
    await atService(
      {},
      (app) => `http://127.0.0.1:${app.port}`,
      async (app, device, session) => {
        expect((await device.getMe(session)).status).toBe(200);
        expectChallenge(
          await getMeAs(app, device, session, 'https://forged.example/v1/me', forged),
          'dpop.uri_mismatch',
        );
      },
    );
  });

  it('is that which a trusted proxy tells, without PUBLIC_URL', async () => {
    const origin = 'https://forged.example';
    await atService(
      { TRUSTED_PROXIES: '127.0.0.1' },
      (app) => `http://127.0.0.1:${app.port}`,
      async (app, device, session) => {
        const told = await getMeAs(app, device, session, `${origin}/v1/me`, forged);
        expect(told.status).toBe(200);
      },
    );
  });
});

describe('the request that the gateway asks about', () => {
  const device = new Device(app);
  const demo = useApplication(app, { settings: { scopes: ['orders:read'] } });
  const session = useFixture(() => device.signIn(demo));

  async function ask(
    path: string,
    headers: Record<string, string>,
    target: { method: string; uri: string } = behindGateway,
  ): Promise<Response> {
    const { accessToken } = session;
    const dpop = await device.key.prove({ ...target, accessToken, at: app.clock.now() });
    return app.gateway.get(path).set({ authorization: `DPoP ${accessToken}`, dpop, ...headers });
  }

  it.each([
    ['X-Forwarded-Method', 'dpop.method_mismatch'],
    ['X-Forwarded-Proto', 'dpop.uri_mismatch'],
    ['X-Forwarded-Host', 'dpop.uri_mismatch'],
    ['X-Forwarded-Uri', 'dpop.uri_mismatch'],
  ])('is none that a proof fits when the gateway does not tell %s', async (name, code) => {
    const { [name.toLowerCase() as keyof typeof forwarded]: _, ...rest } = forwarded;

    expectChallenge(await ask('/v1/gateway/authorize', rest), code);
  });

  it.each([
    ['another path', { 'x-forwarded-uri': '/orders/1/' }, 'dpop.uri_mismatch'],
    ['a user before another host', { 'x-forwarded-uri': '@evil.example/orders/1' }, 'dpop.uri_mismatch'],
    ['another method', { 'x-forwarded-method': 'patch' }, 'dpop.method_mismatch'],
  ])('is not the proved one with %s', async (_, other, code) => {
    expectChallenge(await ask('/v1/gateway/authorize', { ...forwarded, ...other }), code);
  });

  it.each([
    ['X-Forwarded-Uri', '/admin'],
    ['X-Forwarded-Method', 'DELETE'],
    ['X-Forwarded-Host', 'evil.example'],
  ])('is none that a proof fits when %s is there twice', async (name, value) => {
    const { accessToken } = session;
    const dpop = await device.key.prove({ ...behindGateway, accessToken, at: app.clock.now() });
    const lines = Object.entries(forwarded).map((line) => line.join(': '));

    const answer = await sendRaw(
      app.gatewayPort,
      aRequest(
        'GET /v1/gateway/authorize',
        ...lines,
        `${name}: ${value}`,
        `Authorization: DPoP ${accessToken}`,
        `DPoP: ${dpop}`,
      ),
    );

    expect(answer).toMatchObject({ status: 401, body: { code: 'gateway.header_repeated' } });
  });

  it.each([
    ['x-forwarded-method', 'PATCH,GET'],
    ['x-forwarded-proto', 'https,http'],
    ['x-forwarded-host', 'api.example.com, evil.example'],
  ])('is none where a proxy added to %s; a path may have commas', async (name, value) => {
    const answer = await ask('/v1/gateway/authorize', { ...forwarded, [name]: value });
    expectProblem(answer, 401, 'gateway.header_repeated');

    const headers = { ...forwarded, 'x-forwarded-uri': '/orders/1,2' };
    const uri = behindGateway.uri.replace(/\/orders.*/, '/orders/1,2');
    expect((await ask('/v1/gateway/authorize', headers, { ...behindGateway, uri })).status).toBe(200);
  });

  it('is not the check itself', async () => {
    const uri = `http://127.0.0.1:${app.gatewayPort}/v1/gateway/authorize`;

    expectChallenge(
      await ask('/v1/gateway/authorize', forwarded, { method: 'GET', uri }),
      'dpop.method_mismatch',
    );
    const method = behindGateway.method;
    expectChallenge(await ask('/v1/gateway/authorize', forwarded, { method, uri }), 'dpop.uri_mismatch');
  });

  it('is by the host, the path behind the prefix and the scheme of PUBLIC_URL, for an HTTPRoute filter', async () => {
    const host = 'api.example.com';
    const path = '/v1/gateway/external-auth/any/orders/1?page=2';
    const lies = {
      host,
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-uri': '/admin',
      'x-forwarded-method': 'DELETE',
    };

    const uri = `https://${host}/orders/1`;
    expect((await ask(path, lies, { method: 'GET', uri })).status).toBe(200);
    for (const other of [`http://${host}/orders/1`, `https://evil.example/orders/1`, `https://${host}/admin`])
      expectChallenge(await ask(path, lies, { method: 'GET', uri: other }), 'dpop.uri_mismatch');
    expectChallenge(await ask(path, lies, { method: 'DELETE', uri }), 'dpop.method_mismatch');
  });

  it('is asked for its key before it is told what it may do', async () => {
    const path = '/v1/gateway/authorize?scope=orders:write';
    const { accessToken } = session;

    const stolen = await app.gateway.get(path).set({ ...forwarded, authorization: `DPoP ${accessToken}` });

    expectChallenge(stolen, 'dpop.proof_missing');
    expectProblem(await ask(path, forwarded), 403, 'gateway.scope_not_granted');
    expect((await ask('/v1/gateway/authorize?scope=orders:read', forwarded)).status).toBe(200);
  });
});
