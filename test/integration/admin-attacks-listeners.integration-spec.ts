import type { AddressInfo } from 'node:net';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { aRequest, sendRaw } from '../support/raw-http';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const FOREIGN = 'https://evil.example';

/** Ways to write a path of the administration API. */
const spellings = [
  ...['/v1/admin/me', '//v1/admin/me', '/v1//admin/me', '/v1/admin//me', '/v1/admin/me/', '/v1/./admin/me'],
  ...[
    '/v1/me/../admin/me',
    '/v1/gateway/../admin/me',
    '/health/../v1/admin/me',
    '/V1/ADMIN/me',
    '/v1/Admin/me',
  ],
  ...['/v1%2fadmin/me', '/v1/admin%2fme', '/v1/%61dmin/me', '/v1/%2561dmin/me', '/%76%31/admin/me'],
  ...[
    '/v1/admin/me;x',
    '/v1/admin;x/me',
    '/v1/admin/me?x',
    '/v1/admin/me#x',
    '/v1\\admin\\me',
    '/v1/admin./me',
  ],
  ...['http://localhost/v1/admin/me', 'http://admin.internal/v1/admin/me', 'https://x@y/v1/admin/me'],
  ...['/v1/admin/token', '/v1/admin', '/v1/admin/', '/openapi/admin.json', '//openapi/admin.json', '*'],
] as const;

describe('the ports', () => {
  const app = useTestApp();
  const operator = useFixture<Operator>(() => anOperator(app));
  const portOf = (listener: 'public' | 'gateway' | 'admin'): number => {
    if (listener === 'public') return app.port;
    return listener === 'gateway' ? app.gatewayPort : (app.adminServer.address() as AddressInfo).port;
  };
  const authorization = (): string => `Authorization: Bearer ${operator.accessToken}`;

  it.each(['public', 'gateway'] as const)(
    'for the %s have no administration, however it is written',
    async (listener) => {
      const served: unknown[] = [];
      for (const path of spellings)
        for (const method of ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']) {
          const { status, headers } = await sendRaw(
            portOf(listener),
            aRequest(`${method} ${path}`, authorization(), 'Content-Length: 0', 'Host: localhost'),
          );
          if (![400, 404].includes(status) || headers['allow'] !== undefined)
            served.push({ method, path, status, headers });
        }
      expect(served).toEqual([]);
    },
  );

  it.each([
    ['Host: 127.0.0.1:3002'],
    ['X-Forwarded-Host: 127.0.0.1', 'X-Forwarded-Port: 3002', 'X-Forwarded-Prefix: /v1/admin'],
    ['X-Original-URL: /v1/admin/me', 'X-Rewrite-URL: /v1/admin/me'],
    ['X-HTTP-Method-Override: DELETE', 'X-Method-Override: DELETE', 'X-HTTP-Method: DELETE'],
    ['Forwarded: for=127.0.0.1;host=127.0.0.1:3002'],
  ])('are not distinguished by any header: %s', async (...lines) => {
    const asked = [authorization(), ...lines];
    expect((await sendRaw(app.port, aRequest('GET /v1/admin/me', ...asked))).status).toBe(404);
    const own = await sendRaw(portOf('admin'), aRequest('GET /v1/admin/me', ...asked));
    expect(own).toMatchObject({ status: 200, body: { principalId: operator.principalId } });
  });

  it('for operators has no routes of people and gateways', async () => {
    for (const path of [
      '/v1/me',
      '/v1/auth/refresh',
      '/v1/gateway/authorize',
      '/metrics',
      '/openapi/public.json',
    ])
      for (const method of ['GET', 'POST'])
        expect({
          path,
          status: (await sendRaw(portOf('admin'), aRequest(`${method} ${path}`, 'Content-Length: 0'))).status,
        }).toEqual({ path, status: 404 });
  });

  it('for operators lets no page of another origin read or ask anything', async () => {
    const page = { origin: FOREIGN };
    const preflight = await app.admin.options('/v1/admin/users').set({
      ...page,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    });
    const form = await app.admin
      .post('/v1/admin/token')
      .set(page)
      .type('form')
      .send('grant_type=client_credentials');
    const text = await app.admin.post('/v1/admin/principals').set(page).type('text/plain').send('{}');
    const read = await operator.get('/v1/admin/me').set(page);
    const rebound = await operator.get('/v1/admin/me').set({ ...page, host: 'rebound.example:3002' });

    for (const { headers } of [preflight, form, text, read, rebound])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect([preflight.status, form.status, text.status, rebound.status]).toEqual([404, 401, 401, 421]);
  });

  it('for operators are not served by the name of another host, which DNS may give their address', async () => {
    for (const path of ['/openapi/admin.json', '/', '/health/live', '/v1/admin/users', '/v1/nowhere']) {
      const answer = await operator.get(path).set('host', 'evil.example:3002');
      expectProblem(answer, 421, 'request.host_not_allowed');
      expect((await operator.get(path).set('host', 'localhost:3002')).status).not.toBe(421);
    }
    expect((await app.http.get('/health/live').set('host', 'id.example.com')).status).toBe(200);
  });

  it('for operators have their document and its page, and no other', async () => {
    expect((await app.admin.get('/openapi/admin.json')).status).toBe(200);
    expect((await app.admin.get('/')).headers['location']).toBe('/v1/admin/docs');
    expect((await app.admin.get('/v1/admin/docs')).status).toBe(200);
    expect((await app.admin.get('/openapi/public.json')).status).toBe(404);
    for (const path of ['/openapi/admin.json', '/v1/admin/docs'])
      expect((await app.http.get(path)).status).toBe(404);
  });

  it('for operators takes a token from the header alone', async () => {
    const { accessToken } = operator;
    for (const path of [`/v1/admin/me?access_token=${accessToken}`, `/v1/admin/me?token=${accessToken}`])
      expect((await app.admin.get(path)).status).toBe(401);
    expect((await app.admin.get('/v1/admin/me').set('cookie', `token=${accessToken}`)).status).toBe(401);
    for (const scheme of ['DPoP', 'Basic', 'tma', 'bearer,Bearer', ''])
      expect(
        (await app.admin.get('/v1/admin/me').set('authorization', `${scheme} ${accessToken}`)).status,
      ).toBe(401);
  });

  it('for operators asks for a token with HEAD too, and records reading by it', async () => {
    expect((await app.admin.head('/v1/admin/audit')).status).toBe(401);
    const count = async () =>
      (await app.database.query(`SELECT 1 FROM audit_records WHERE action = 'audit.read'`)).length;
    const before = await count();
    const { status } = await app.admin
      .head('/v1/admin/audit')
      .set('authorization', `Bearer ${operator.accessToken}`);
    expect(await count()).toBe(before + (status === 200 ? 1 : 0));
  });
});
