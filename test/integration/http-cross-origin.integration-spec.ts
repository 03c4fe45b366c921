import type { Response } from 'supertest';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

const ORIGIN = 'https://app.example.com';
const OTHER = 'https://other.example.com:8443';
const SIGN_IN = '/v1/auth/telegram/init-data';

/** Each is nearly an origin of the application. */
const TRICKS = [
  'https://APP.example.com',
  'https://app.example.com:443',
  'https://app.example.com:8443',
  'http://app.example.com',
  'https://app.example.com/',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://app.example.com@evil.example',
  'https://app.example.com, https://evil.example',
  'app.example.com',
  'null',
  '*',
];

describe('cross-origin calls', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: 'https://id.example.com' } });
  const demo = useApplication(app, { origins: [ORIGIN] });
  useApplication(app, { origins: [OTHER] });

  let accessToken: string;

  beforeAll(async () => {
    accessToken = (await app.signIn(demo)).accessToken;
  });

  const preflight = (origin: string, path: string, method = 'POST') =>
    app.http.options(path).set({
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type',
    });
  const signInFrom = (origin: string) =>
    app
      .postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) })
      .set('origin', origin);
  const getMeFrom = (origin: string) => app.getMe(accessToken).set('origin', origin);

  const calls: [string, (origin: string) => PromiseLike<Response>][] = [
    ['sign-in', signInFrom],
    ['/v1/me', getMeFrom],
  ];

  describe('preflights', () => {
    it.each([ORIGIN, OTHER])('pass for %s, which some application has', async (origin) => {
      const answer = await preflight(origin, SIGN_IN);

      expect(answer.status).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers':
          'authorization, content-type, dpop, leaderboardapikey, x-account-login-hash, x-account-userid, x-account-wallet, ' +
          'x-app-id, x-countersign-application, x-environment, x-request-id, x-step-up-grant',
        'access-control-max-age': '600',
        vary: 'Origin',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    });

    it.each(TRICKS)('are refused for %s', async (origin) => {
      for (const path of [SIGN_IN, '/v1/me', '/nope']) {
        const answer = await preflight(origin, path);

        expectProblem(answer, 403, 'request.origin_not_allowed');
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
        expect(answer.headers['vary']).toBe('Origin');
      }
    });
  });

  describe.each(calls)('%s', (_name, call) => {
    it('is answered to the own origin of the application', async () => {
      const answer = await call(ORIGIN);

      expect(answer.ok).toBe(true);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': ORIGIN,
        'access-control-expose-headers': 'date, retry-after, www-authenticate, x-request-id',
        vary: 'Origin',
      });
    });

    it('is refused to the origin of another application', async () => {
      expectProblem(await call(OTHER), 403, 'request.origin_not_allowed');
    });

    it.each(TRICKS)('is refused to %s', async (origin) => {
      const answer = await call(origin);

      expectProblem(answer, 403, 'request.origin_not_allowed');
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.headers['vary']).toBe('Origin');
    });

    it('is answered to a page of the service itself, at PUBLIC_URL and in development where it listens', async () => {
      for (const origin of [
        'https://id.example.com',
        `http://127.0.0.1:${app.port}`,
        `http://localhost:${app.port}`,
      ]) {
        const answer = await call(origin);

        expect(answer.ok).toBe(true);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
    });

    it.each(['http://id.example.com', 'https://id.example.com:8443', 'http://127.0.0.1'])(
      'is refused to %s, which is nearly the service',
      async (origin) => {
        expectProblem(await call(origin), 403, 'request.origin_not_allowed');
      },
    );
  });

  it('takes no origin for its own because Host names it', async () => {
    for (const host of ['evil.example', `evil.example:${app.port}`])
      for (const scheme of ['http', 'https'])
        expectProblem(
          await signInFrom(`${scheme}://${host}`).set('host', host),
          403,
          'request.origin_not_allowed',
        );
  });

  it('ends nothing and opens nothing for a refused origin', async () => {
    const before = await app.database.query('SELECT id, ended_at, refresh_digest FROM sessions ORDER BY id');

    await signInFrom(OTHER);
    await app.http
      .delete('/v1/me/sessions?all=true')
      .set({ origin: OTHER, authorization: `Bearer ${accessToken}` })
      .expect(403);

    const after = await app.database.query('SELECT id, ended_at, refresh_digest FROM sessions ORDER BY id');
    expect(after).toEqual(before);
  });

  it('leaves a refresh token good that came from a refused origin', async () => {
    const { refreshToken } = await app.signIn(demo);
    await app.refresh(refreshToken).set('origin', OTHER).expect(403);

    expect((await app.refresh(refreshToken).set('origin', ORIGIN)).status).toBe(200);
  });

  it('lets a page read why it was refused, when its origin is known at all', async () => {
    const answer = await app.http.get('/v1/me').set('origin', OTHER);

    expectProblem(answer, 401, 'session.token_missing');
    expect(answer.headers['access-control-allow-origin']).toBe(OTHER);
  });
});
