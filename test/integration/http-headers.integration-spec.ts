import type { Response } from 'supertest';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('headers of answers', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const session = useFixture(() => app.signIn(demo));

  const signIn = () => app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });

  it.each<[string, () => PromiseLike<Response>]>([
    ['sign-in', signIn],
    ['refresh', async () => app.refresh((await app.signIn(demo)).refreshToken)],
    ['/v1/me', () => app.getMe(session.accessToken)],
    ['a refusal', () => app.getMe('junk')],
    ['an unknown route', () => app.http.get('/nope')],
    ['a malformed URL', () => app.http.get('/%zz')],
    ['a preflight', () => app.http.options('/v1/me').set('origin', 'https://app.example')],
  ])('are safe and forbid caches on %s', async (_name, call) => {
    const { headers } = await call();

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      vary: expect.stringMatching(/\bOrigin\b/i) as unknown,
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it.each([
    ['no token', undefined, 'Bearer realm="countersign"'],
    ['another scheme', 'Basic YTpi', 'Bearer realm="countersign"'],
    ['junk', 'Bearer junk', 'Bearer realm="countersign", error="invalid_token"'],
    ['two words', 'Bearer a b', 'Bearer realm="countersign"'],
    ['10 kB', `Bearer ${'a'.repeat(10_000)}`, 'Bearer realm="countersign", error="invalid_token"'],
  ])('challenge a caller with %s', async (_name, authorization, challenge) => {
    const answer = await app.http.get('/v1/me').set(authorization === undefined ? {} : { authorization });

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(challenge);
  });

  it('challenge a caller whose session has ended, and whose proof is refused', async () => {
    const { accessToken } = await app.signIn(demo);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204);
    const forged = app.initDataOf(demo).replace(/hash=.{64}/, `hash=${'0'.repeat(64)}`);

    const ended = await app.getMe(accessToken);
    const refused = await app.postSignIn({ applicationId: demo.applicationId, initData: forged });

    expect(ended.headers['www-authenticate']).toBe('Bearer realm="countersign", error="invalid_token"');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="countersign"');
  });

  it('never take a token from the URL', async () => {
    const answer = await app.http.get(`/v1/me?access_token=${session.accessToken}`);

    expect(answer.status).toBe(401);
  });
});
