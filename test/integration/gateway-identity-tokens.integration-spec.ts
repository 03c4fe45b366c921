import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createIdentityTokenVerifier, type IdentityTokenVerifier } from '@countersign/identity-token';
import { IdentityKeys } from '@countersign/sessions';
import type { SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { useApplication, useTestApp } from '../support/use-test-app';

const MINUTE = 60;

describe('the identity token of a check', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const shop = useApplication(app, {
    settings: { scopes: ['orders:read', 'chat'], audiences: ['orders', 'billing'] },
  });

  const jwksUrl = () => `http://127.0.0.1:${app.port}/.well-known/jwks.json`;
  const secondsNow = () => app.clock.now().getTime() / 1_000;

  async function tokenOf(
    { accessToken }: Pick<SignInBody, 'accessToken'>,
    audience?: string,
  ): Promise<string> {
    const answer = await app.check(accessToken, audience === undefined ? '' : `?audience=${audience}`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' });
    return answer.headers['x-identity-token'] ?? '';
  }

  function aService(audience: string): IdentityTokenVerifier {
    return createIdentityTokenVerifier({
      issuer: ISSUER,
      audience,
      jwksUrl: jwksUrl(),
      now: () => app.clock.now(),
      timeLimit: 30,
    });
  }

  it('says who is asking, to whom and for how long, and nothing else', async () => {
    const session = await app.signIn(shop);
    const token = await tokenOf(session, 'orders');
    const [key] = await app.nest.get(IdentityKeys).list();

    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'countersign-identity+jwt',
      kid: key?.kid,
    });
    expect(decodeJwt(token)).toEqual({
      iss: ISSUER,
      sub: session.userId,
      aud: 'orders',
      sid: session.sessionId,
      client_id: shop.applicationId,
      iat: secondsNow(),
      exp: secondsNow() + 300,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      scope: 'orders:read chat',
      acr: 'platform',
      amr: ['telegram-init-data'],
      auth_time: secondsNow(),
    });
  });

  it('is believed by a service that knows nothing but the JWKS, and by no other', async () => {
    const session = await app.signIn(shop);
    const token = await tokenOf(session, 'orders');
    const settings = { issuer: ISSUER, audience: 'orders', jwksUrl: jwksUrl() };
    const verify = (text: string, more: object = {}) =>
      createIdentityTokenVerifier({ ...settings, ...more }).verify(text);

    expect(await verify(token)).toMatchObject({
      userId: session.userId,
      sessionId: session.sessionId,
      applicationId: shop.applicationId,
      scopes: ['orders:read', 'chat'],
    });
    for (const wrong of [
      { audience: 'billing' },
      { audience: shop.applicationId },
      { issuer: 'https://x.example' },
    ])
      await expect(verify(token, wrong)).rejects.toThrow();
    const [head = '', body = '', signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: session.sessionId }));
    await expect(verify([head, forged.toString('base64url'), signature].join('.'))).rejects.toThrow();
    expect(body).not.toBe('');
    for (const other of [session.accessToken, session.refreshToken])
      await expect(verify(other)).rejects.toThrow();
  });

  describe('never outlives', () => {
    it('the access token', async () => {
      const demo = await app.createApplication({ settings: { session: { accessAbsolute: 400 } } });
      const session = await app.signIn(demo);
      const end = secondsNow() + 400;
      expect(decodeJwt(await tokenOf(session)).exp).toBe(secondsNow() + 300);

      for (const passed of [160, 100, 100, 30, 9]) {
        app.clock.advance(passed);
        const { exp = 0, iat = 0 } = decodeJwt(await tokenOf(session));
        expect(exp).toBeLessThanOrEqual(end);
        expect(exp - iat).toBeLessThanOrEqual(300);
        expect(exp).toBeGreaterThan(secondsNow());
      }
      app.clock.advance(1);
      expectProblem(await app.check(session.accessToken), 401, 'session.expired');
    });

    it('the access token that was replaced, in its last seconds', async () => {
      const session = await app.signIn(shop);
      expect(decodeJwt(await tokenOf(session)).exp).toBe(secondsNow() + 300);
      const refreshed = (await app.refresh(session.refreshToken)).body as SignInBody;
      const older = await app.check(session.accessToken);

      if (older.status === 200)
        expect(decodeJwt(older.headers['x-identity-token'] ?? '').exp).toBeLessThanOrEqual(secondsNow() + 30);
      expect(decodeJwt(await tokenOf(refreshed)).sid).toBe(session.sessionId);
    });
  });

  it('is made for the key that signs now, and every one of before is believed for its life', async () => {
    const session = await app.signIn(shop);
    const service = aService('orders');
    const before = await tokenOf(session, 'orders');
    await service.verify(before);
    const next = await app.nest.get(IdentityKeys).rotate();
    const seen = new Set<string>();
    for (let passed = 0; passed < 20 * MINUTE; passed += 30) {
      const token = await tokenOf(session, 'orders');
      seen.add(decodeProtectedHeader(token).kid ?? '');
      expect(await service.verify(token)).toMatchObject({ userId: session.userId });
      app.clock.advance(30);
    }

    expect(seen.size).toBe(2);
    expect(seen).toContain(next.kid);
  });
});
