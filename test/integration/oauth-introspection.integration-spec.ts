import { DeviceKey } from '@countersign/proofs/testing';
import { IdentityTokens, type LoginMethod } from '@countersign/sessions';
import type { SignInBody } from '../factories';
import {
  aConfidentialApplication,
  expectOAuthProblem,
  introspect,
  ISSUER,
  signInBound,
  type Confidential,
} from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const HALF_AN_HOUR = 1_800;

const MONTH = 30 * 86_400;

describe('POST /v1/oauth/introspect', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const settings = { scopes: ['profile'] };
  const demo = useFixture(() => aConfidentialApplication(app, { settings }));
  const other = useFixture(() => aConfidentialApplication(app));

  const inSeconds = (seconds: number) => app.clock.now().getTime() / 1_000 + seconds;
  const toldOf = async (token: string, caller = demo) => {
    const { status, body } = await introspect(app, caller, token);
    expect(status).toBe(200);
    return body as Record<string, unknown>;
  };
  const isActive = async (token: string) => (await toldOf(token))['active'];
  const identityTokenOf = async ({ sessionId, userId, assurance }: SignInBody) =>
    app.nest.get(IdentityTokens, { strict: false }).issue(
      {
        sessionId,
        userId,
        applicationId: demo.applicationId,
        identityId: userId,
        assurance: assurance as 'platform',
        door: 'telegram-init-data' as LoginMethod,
        authenticatedAt: app.clock.now(),
        isOfAllowedBot: false,
        scopes: [],
      },
      demo.applicationId,
      new Date(app.clock.now().getTime() + 300_000),
    );

  describe('a good token', () => {
    it('is told with everything that a service needs, and is not stored by anybody', async () => {
      const { accessToken, sessionId, userId } = await app.signIn(demo);

      const answer = await introspect(app, demo, accessToken);

      expect(answer.body).toEqual({
        active: true,
        token_use: 'access_token',
        token_type: 'Bearer',
        scope: 'profile',
        client_id: demo.applicationId,
        sub: userId,
        sid: sessionId,
        iss: ISSUER,
        aud: demo.applicationId,
        exp: inSeconds(HALF_AN_HOUR),
        assurance: 'platform',
        acr: 'platform',
        amr: ['telegram-init-data'],
        auth_time: inSeconds(0),
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
    });

    it('may be a refresh token, which has nothing that a service could serve by', async () => {
      const { refreshToken, sessionId, userId } = await app.signIn(demo);

      expect(await toldOf(refreshToken)).toEqual({
        active: true,
        token_use: 'refresh_token',
        client_id: demo.applicationId,
        sub: userId,
        sid: sessionId,
        iss: ISSUER,
        aud: demo.applicationId,
        exp: inSeconds(MONTH),
        assurance: 'platform',
        acr: 'platform',
        amr: ['telegram-init-data'],
        auth_time: inSeconds(0),
      });
    });

    it('names the device key that it is bound to', async () => {
      const key = DeviceKey.generate();
      const { accessToken, refreshToken } = await signInBound(app, demo, key);

      expect(await toldOf(accessToken)).toMatchObject({
        active: true,
        token_type: 'DPoP',
        cnf: { jkt: key.thumbprint },
      });
      expect(await toldOf(refreshToken)).toMatchObject({ active: true, cnf: { jkt: key.thumbprint } });
    });
  });

  describe('asking', () => {
    it('does not use an access token: its idle deadline stays', async () => {
      const { accessToken } = await app.signIn(demo);
      const end = inSeconds(HALF_AN_HOUR);
      app.clock.advance(HALF_AN_HOUR - 1);

      expect(await toldOf(accessToken)).toMatchObject({ active: true, exp: end });
      app.clock.advance(1);
      expect(await toldOf(accessToken)).toEqual({ active: false });
    });

    it('does not use a refresh token, nor does it take one that was used for stolen', async () => {
      const { refreshToken: first } = await app.signIn(demo);
      expect(await isActive(first)).toBe(true);
      const { refreshToken: second } = (await app.refresh(first)).body as SignInBody;

      expect([await isActive(first), await isActive(second)]).toEqual([false, true]);
      app.clock.advance(11);
      expect([await isActive(first), await isActive(second)]).toEqual([false, true]);
      expect((await app.refresh(second)).status).toBe(200);
    });
  });

  describe('nothing is told about', () => {
    const kinds: Record<string, () => Promise<{ token: string; caller?: Confidential }>> = {
      'the access token of another application': async () => ({
        token: (await app.signIn(demo)).accessToken,
        caller: other,
      }),
      'the refresh token of another application': async () => ({
        token: (await app.signIn(demo)).refreshToken,
        caller: other,
      }),
      'a bound token of another application': async () => ({
        token: (await signInBound(app, demo, DeviceKey.generate())).accessToken,
        caller: other,
      }),
      'an identity token': async () => ({ token: await identityTokenOf(await app.signIn(demo)) }),
      'a client secret': async () => ({ token: demo.clientSecret }),
      'init data': async () => ({ token: app.initDataOf(demo) }),
      'an access token that was idle': async () => {
        const { accessToken: token } = await app.signIn(demo);
        app.clock.advance(HALF_AN_HOUR);
        return { token };
      },
      'an access token whose refresh was a while ago': async () => {
        const { accessToken: token, refreshToken } = await app.signIn(demo);
        await app.refresh(refreshToken);
        app.clock.advance(11);
        return { token };
      },
      'a refresh token that was used': async () => {
        const { refreshToken: token } = await app.signIn(demo);
        await app.refresh(token);
        return { token };
      },
      'a refresh token that was idle': async () => {
        const { refreshToken: token } = await app.signIn(demo);
        app.clock.advance(MONTH);
        return { token };
      },
      'the access token of a session that ended': async () => {
        const { accessToken: token, sessionId } = await app.signIn(demo);
        await app.accounts.revoke({ sessionId });
        return { token };
      },
      'the refresh token of a session that ended': async () => {
        const { refreshToken: token, sessionId } = await app.signIn(demo);
        await app.accounts.revoke({ sessionId });
        return { token };
      },
    };

    it.each(Object.entries(kinds))('%s', async (_, make) => {
      const { token, caller } = await make();

      expect(await toldOf(token, caller)).toEqual({ active: false });
    });
  });

  it('is not for web pages, whoever allows them', async () => {
    const origin = 'https://app.example.com';
    const page = await aConfidentialApplication(app, { origins: [origin] });
    const { accessToken } = await app.signIn(page);

    const answer = await introspect(app, page, accessToken, { origin });

    expectOAuthProblem(answer, 403, 'client.server_only', 'invalid_request');
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': expect.stringContaining('x-request-id') as unknown,
      vary: 'Origin',
    });
    const stranger = await introspect(app, page, accessToken, { origin: 'https://evil.example.com' });
    expectOAuthProblem(stranger, 403, 'client.server_only', 'invalid_request');
    expect(stranger.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
