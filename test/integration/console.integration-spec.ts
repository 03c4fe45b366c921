import { randomUUID } from 'node:crypto';
import { PrincipalsService } from '@countersign/admin';
import { aConsoleSession, CONSOLE_URL, FROM_PAGE } from '../support/console';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

const MINUTE = 60;

describe('a session of the console', () => {
  const app = useTestApp({ environment: { CONSOLE_URL } });
  let count = 0;

  const aPrincipal = async (scopes: readonly string[] = ['users:read', 'users:write']) => {
    count += 1;
    const { principal, secret } = await app.nest
      .get(PrincipalsService)
      .create({ name: `staff ${count}`, scopes }, null);
    return { principalId: principal.id, secret: secret.clientSecret, secretId: secret.secretId };
  };
  const begin = async (scopes?: readonly string[]) => {
    const { principalId, secret } = await aPrincipal(scopes);
    return aConsoleSession(app, principalId, secret);
  };
  const users = '/v1/admin/users';
  const signIn = (body: object) => app.admin.post('/v1/admin/console/session').set(FROM_PAGE).send(body);

  describe('at its begin', () => {
    it('is a cookie that no script, other site or other host has', async () => {
      const { principalId, secret } = await aPrincipal();
      const answer = await signIn({ principalId, secret });

      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
      expect(answer.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__Host-console=cs_ct_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
      ]);
    });

    it('is refused to another site, which would sign the browser in as another principal', async () => {
      const { principalId, secret } = await aPrincipal();
      const body = { principalId, secret };

      for (const headers of [
        {},
        { ...FROM_PAGE, 'sec-fetch-site': 'cross-site' },
        { ...FROM_PAGE, origin: 'null' },
      ])
        expectProblem(
          await app.admin.post('/v1/admin/console/session').set(headers).send(body),
          403,
          'console.cross_site',
        );
    });
  });

  describe('in a call', () => {
    it('has the scopes of its principal, and no more', async () => {
      const session = await begin(['users:read']);

      expect((await session.get(users)).status).toBe(200);
      expectProblem(
        await session.post(`${users}/${randomUUID()}/deactivate`),
        403,
        'principal.scope_missing',
      );
    });

    it.each<[string, Record<string, string>]>([
      ['from another site', { 'sec-fetch-site': 'cross-site' }],
      ['from another port of the host', { 'sec-fetch-site': 'same-site' }],
      ['that a person typed into the browser', { 'sec-fetch-site': 'none' }],
      ['from another origin', { origin: 'https://console.example.com:8443' }],
      ['from a sandbox', { origin: 'null' }],
    ])('is not accepted %s, for reading neither', async (_, headers) => {
      const session = await begin();

      expectProblem(await session.get(users).set(headers), 403, 'console.cross_site');
      expectProblem(await session.post(`${users}/lookup`, {}).set(headers), 403, 'console.cross_site');
    });

    it('is not accepted without Sec-Fetch-Site', async () => {
      const { cookie } = await begin();

      expectProblem(await app.admin.get(users).set({ cookie }), 403, 'console.cross_site');
    });

    it.each(['disputed_since', 'proofs_not_before'])(
      'is not accepted from before a restore, as %s says',
      async (column) => {
        const session = await begin();
        app.clock.advance(1);
        const set = (instant: Date | null) =>
          app.database.query(`UPDATE installation SET ${column} = $1`, [instant]);
        await set(app.clock.now());
        const later = await begin();

        expectProblem(await session.get(users), 401, 'principal.unauthenticated');
        expect((await later.get(users)).status).toBe(200);
        await set(null);
        expect((await session.get(users)).status).toBe(200);
      },
    );

    it('needs its CSRF token for changes', async () => {
      const [session, other] = [await begin(), await begin()];
      const { cookie } = session;
      const post = (headers: object) =>
        app.admin.post(`${users}/${randomUUID()}/activate`).set({ ...FROM_PAGE, cookie, ...headers });

      for (const headers of [{}, { 'x-csrf-token': '' }, { 'x-csrf-token': other.csrfToken }])
        expectProblem(await post(headers), 403, 'console.cross_site');
      expectProblem(await post({ 'x-csrf-token': session.csrfToken }), 404, 'user.not_found');
    });

    it('is no access token, and an access token no session', async () => {
      const { cookie } = await begin();
      const [, token = ''] = cookie.split('=');
      const { accessToken } = await anOperator(app);

      expectProblem(
        await app.admin.get(users).set('authorization', `Bearer ${token}`),
        401,
        'principal.unauthenticated',
      );
      expectProblem(
        await app.admin.get(users).set({ ...FROM_PAGE, cookie: `__Host-console=${accessToken}` }),
        401,
        'principal.unauthenticated',
      );
    });

    it('is refused where the browser has two cookies of the name', async () => {
      const [one, two] = [await begin(), await begin()];

      expectProblem(
        await app.admin.get(users).set({ ...FROM_PAGE, cookie: `${one.cookie}; ${two.cookie}` }),
        401,
        'principal.unauthenticated',
      );
    });

    it('is no session on the public port', async () => {
      const { cookie } = await begin();

      for (const path of [users, '/console', '/v1/admin/console'])
        expect((await app.http.get(path).set({ ...FROM_PAGE, cookie })).status).toBe(404);
    });
  });

  describe('over time', () => {
    it('lasts 30 minutes from its last use, and 12 hours in all', async () => {
      const session = await begin();
      for (let minutes = 0; minutes < 12 * 60 - 29; minutes += 29) {
        expect((await session.get(users)).status).toBe(200);
        app.clock.advance(29 * MINUTE);
      }
      expect((await session.get(users)).status).toBe(200);
      app.clock.advance(24 * MINUTE - 1);
      expect((await session.get(users)).status).toBe(200);
      app.clock.advance(1);
      expectProblem(await session.get(users), 401, 'principal.unauthenticated');

      const idle = await begin();
      app.clock.advance(30 * MINUTE);
      expectProblem(await idle.get(users), 401, 'principal.unauthenticated');
    });

    it('ends with its principal, and with the secret that began it', async () => {
      const { principalId, secret, secretId } = await aPrincipal();
      const administrator = await anOperator(app);
      const session = await aConsoleSession(app, principalId, secret);
      await administrator.delete(`/v1/admin/principals/${principalId}/secrets/${secretId}`).expect(204);
      expectProblem(await session.get(users), 401, 'principal.unauthenticated');

      const other = await begin();
      await administrator
        .patch(`/v1/admin/principals/${other.principalId}`, { status: 'disabled' })
        .expect(200);
      expectProblem(await other.get(users), 401, 'principal.unauthenticated');
    });

    it('ends at sign-out, with its cookie', async () => {
      const session = await begin();
      const answer = await session.delete('/v1/admin/console/session');

      expect(answer.status).toBe(204);
      expect(answer.headers['set-cookie']).toEqual([
        expect.stringContaining('__Host-console=; Max-Age=0;'),
        expect.stringMatching(/^__Host-console-signed-out=\d+; .*SameSite=Lax$/),
      ]);
      expectProblem(await session.get(users), 401, 'principal.unauthenticated');
      const { body } = await app.admin.get('/v1/admin/console').set({ ...FROM_PAGE, cookie: session.cookie });
      expect(body).toEqual({ hasProvider: false, session: null });
    });

    it('is signed out of in the browser, also where it had ended on the server', async () => {
      const signOut = (headers: object) => app.admin.delete('/v1/admin/console/session').set({ ...headers });
      const signedOut = expect.stringMatching(/^__Host-console-signed-out=\d+;/) as string;
      const session = await begin();
      const csrf = { 'x-csrf-token': session.csrfToken };
      app.clock.advance(30 * MINUTE);

      const answer = await signOut({ ...FROM_PAGE, ...csrf, cookie: session.cookie });
      expect(answer.status).toBe(204);
      expect(answer.headers['set-cookie']).toContainEqual(signedOut);
      expect((await signOut(FROM_PAGE)).headers['set-cookie']).toContainEqual(signedOut);

      // No other site makes a browser ask for a new sign-in at the provider.
      for (const headers of [{}, { ...FROM_PAGE, 'sec-fetch-site': 'cross-site' }]) {
        const refused = await signOut(headers);
        expectProblem(refused, 403, 'console.cross_site');
        expect(refused.headers['set-cookie']).toBeUndefined();
      }
    });
  });

  describe('and its page', () => {
    it('is not framed, runs no inline script and reaches no other host', async () => {
      const { status, headers, text } = await app.admin.get('/console');

      expect(status).toBe(200);
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(headers['x-frame-options']).toBe('DENY');
      expect(text).not.toMatch(/<script(?![^>]* src="\/console\/)|<style|https?:|javascript:/);
    });

    it('has no other file', async () => {
      for (const name of [
        ...['index.html', '..%2f..%2fpackage.json', 'main.js.gz', 'constructor', '__proto__', 'MAIN.JS'],
        ...[
          '%2e%2e/main.js',
          '..%5cpackage.json',
          '%2fetc%2fpasswd',
          'main.js%2f..%2findex.html',
          'main.js/',
        ],
      ])
        expect([name, (await app.admin.get(`/console/files/${name}`)).status]).toEqual([name, 404]);
    });
  });
});

describe('without CONSOLE_URL', () => {
  const app = useTestApp();

  it('there is no console', async () => {
    for (const path of [
      '/console',
      '/console/files/main.js',
      '/v1/admin/console',
      '/v1/admin/console/sign-in',
    ])
      expectProblem(await app.admin.get(path), 404, 'request.route_not_found');
    const { principalId, clientSecret: secret } = await anOperator(app);
    expectProblem(
      await app.admin.post('/v1/admin/console/session').set(FROM_PAGE).send({ principalId, secret }),
      404,
      'request.route_not_found',
    );
  });
});
