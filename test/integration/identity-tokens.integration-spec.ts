import { randomUUID } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTVerifyResult } from 'jose';
import { IDENTITY_TOKEN_TYPE, IdentityTokens, type LoginMethod, type Principal } from '@countersign/sessions';
import { statementsOf } from '../support/statement-count';
import { TestApp } from '../support/test-app';
import { createTestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const ISSUER = 'https://id.example.com';
const HOUR = 3_600;

function aPrincipal(overrides: Partial<Principal> = {}): Principal {
  return {
    sessionId: randomUUID(),
    userId: randomUUID(),
    applicationId: randomUUID(),
    identityId: randomUUID(),
    assurance: 'platform',
    door: 'telegram-init-data' as LoginMethod,
    authenticatedAt: new Date('2026-11-20T11:59:58.700Z'),
    isOfAllowedBot: false,
    scopes: ['profile:read', 'chat'],
    ...overrides,
  };
}

describe('an identity token', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const tokens = useFixture(() => app.nest.get(IdentityTokens));

  const inSeconds = (seconds: number): Date => new Date(app.clock.now().getTime() + seconds * 1_000);
  const secondsNow = (): number => app.clock.now().getTime() / 1_000;

  function issue(principal: Principal, audience = 'shop', notAfter = inSeconds(HOUR)): Promise<string> {
    return tokens.issue(principal, audience, notAfter);
  }

  function verifyBy(by: TestApp, token: string): Promise<JWTVerifyResult> {
    const url = new URL(`http://127.0.0.1:${by.port}/.well-known/jwks.json`);
    const currentDate = by.clock.now();
    return jwtVerify(token, createRemoteJWKSet(url), { issuer: ISSUER, audience: 'shop', currentDate });
  }

  it.each([
    ['the session', 45, 45],
    ['the session, to the second before', 44.999, 44],
    ['five minutes', HOUR, 300],
  ])('ends with %s', async (_, notAfter, life) => {
    const { iat = 0, exp = 0 } = decodeJwt(await issue(aPrincipal(), 'shop', inSeconds(notAfter)));

    expect(exp - iat).toBe(life);
  });

  it.each([0.999, 0, -10])('is not made for a session with %d seconds left', async (left) => {
    await expect(issue(aPrincipal(), 'shop', inSeconds(left))).rejects.toMatchObject({
      code: 'session.expired',
    });
  });

  it('lives as long as configured', async () => {
    const { database, keys, clock } = app;
    const environment = { PUBLIC_URL: ISSUER, IDENTITY_TOKEN_LIFETIME: '60' };
    const shorter = await TestWorker.start({ database, keys, clock, environment });

    const { iat = 0, exp = 0 } = decodeJwt(
      await shorter.nest.get(IdentityTokens).issue(aPrincipal(), 'shop', inSeconds(HOUR)),
    );

    expect(exp - iat).toBe(60);
    await shorter.close();
  });

  it('is signed with Ed25519 where that is configured', async () => {
    const database = await createTestDatabase();
    const environment = { PUBLIC_URL: ISSUER, IDENTITY_TOKEN_ALGORITHM: 'EdDSA' };
    const edwards = await TestApp.start({ database, environment, clock: app.clock });
    const principal = aPrincipal();

    const token = await edwards.nest.get(IdentityTokens).issue(principal, 'shop', inSeconds(HOUR));
    const { payload, protectedHeader } = await verifyBy(edwards, token);

    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', typ: IDENTITY_TOKEN_TYPE });
    expect(payload).toMatchObject({ sub: principal.userId, sid: principal.sessionId });
    await expect(verifyBy(app, token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await edwards.close();
    await database.drop();
  });

  describe('in memory', () => {
    it('is answered without a promise and without a statement for half of its life', async () => {
      const principal = aPrincipal();
      const notAfter = inSeconds(HOUR);
      expect(tokens.peek(principal, 'shop', notAfter)).toBeUndefined();
      const token = await issue(principal);

      const statements = await statementsOf(app, async () => {
        expect(tokens.peek({ ...principal, scopes: [...principal.scopes] }, 'shop', notAfter)).toBe(token);
        expect(await issue(principal)).toBe(token);
      });
      expect(statements).toEqual([]);

      app.clock.advance(150);
      expect(await issue(principal)).toBe(token);
      app.clock.advance(1);
      expect(tokens.peek(principal, 'shop', notAfter)).toBeUndefined();
      expect(await issue(principal)).not.toBe(token);
    });

    it.each<[string, Partial<Principal>, string]>([
      ['session', { sessionId: randomUUID() }, 'shop'],
      ['user of the session', { userId: randomUUID() }, 'shop'],
      ['application', { applicationId: randomUUID() }, 'shop'],
      ['list of scopes', { scopes: ['profile:read'] }, 'shop'],
      ['strength of the proof', { assurance: 'vendor' }, 'shop'],
      ['door', { door: 'telegram-oidc' as LoginMethod }, 'shop'],
      ['time of the proof', { authenticatedAt: new Date('2026-11-20T12:00:00Z') }, 'shop'],
      ['audience', {}, 'shop2'],
      ['audience that differs in its last letter', {}, `${'a'.repeat(254)}c`],
    ])('is never answered to another %s', async (_, other, audience) => {
      const principal = aPrincipal();
      const token = await issue(principal);
      await issue(principal, `${'a'.repeat(254)}b`);

      const changed = { ...principal, ...other };
      expect(tokens.peek(changed, audience, inSeconds(HOUR))).toBeUndefined();
      const another = await issue(changed, audience);

      expect(another).not.toBe(token);
      expect(decodeJwt(another)).toMatchObject({
        sub: changed.userId,
        aud: audience,
        sid: changed.sessionId,
        client_id: changed.applicationId,
        scope: changed.scopes.join(' '),
      });
    });

    it('is never answered to somebody whose session ends sooner', async () => {
      const principal = aPrincipal();
      await issue(principal);

      const sooner = decodeJwt(await issue(principal, 'shop', inSeconds(20)));

      expect(sooner.exp).toBe(secondsNow() + 20);
    });

    it('is not shared by those who ask at the same moment as somebody else', async () => {
      const principal = aPrincipal();
      app.clock.advance(61);
      const merged = { ...principal, userId: randomUUID() };

      const [first, second, short] = await Promise.all([
        issue(principal),
        issue(merged),
        issue(principal, 'shop', inSeconds(30)),
      ]);

      expect(decodeJwt(first).sub).toBe(principal.userId);
      expect(decodeJwt(second).sub).toBe(merged.userId);
      expect(decodeJwt(short).exp).toBe(secondsNow() + 30);
    });
  });
});
