import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { aConfidentialApplication, fetchFrom, ISSUER, type Confidential } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

describe('standard OAuth clients', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const settings = { scopes: ['profile', 'wallets'] };
  const demo = useFixture(() => aConfidentialApplication(app, { settings }));
  const other = useFixture(() => aConfidentialApplication(app));

  describe('openid-client', () => {
    const discover = ({
      applicationId,
      clientSecret,
    }: Pick<Confidential, 'applicationId' | 'clientSecret'>) =>
      openid.discovery(new URL(ISSUER), applicationId, undefined, openid.ClientSecretBasic(clientSecret), {
        algorithm: 'oauth2',
        [openid.customFetch]: fetchFrom(app),
      });

    it('discovers, introspects and revokes', async () => {
      const { accessToken, refreshToken, sessionId, userId } = await app.signIn(demo);
      const client = await discover(demo);

      const good = await openid.tokenIntrospection(client, accessToken, { token_type_hint: 'access_token' });
      const foreign = await openid.tokenIntrospection(await discover(other), accessToken);
      await openid.tokenRevocation(client, refreshToken, { token_type_hint: 'refresh_token' });
      const revoked = await openid.tokenIntrospection(client, accessToken);

      expect(good).toMatchObject({
        active: true,
        token_type: 'Bearer',
        scope: 'profile wallets',
        client_id: demo.applicationId,
        sub: userId,
        sid: sessionId,
        iss: ISSUER,
        aud: demo.applicationId,
      });
      expect([foreign, revoked]).toEqual([{ active: false }, { active: false }]);
    });

    it('revokes without a secret, by the token alone', async () => {
      const { accessToken } = await app.signIn(demo);
      const client = await openid.discovery(new URL(ISSUER), demo.applicationId, undefined, openid.None(), {
        algorithm: 'oauth2',
        [openid.customFetch]: fetchFrom(app),
      });

      await openid.tokenRevocation(client, accessToken);

      expect((await app.getMe(accessToken)).status).toBe(401);
    });

    it('understands that its secret is wrong', async () => {
      const client = await discover({ ...demo, clientSecret: other.clientSecret });

      const failure = await openid.tokenIntrospection(client, 'x').catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(openid.WWWAuthenticateChallengeError);
      expect(failure).toMatchObject({
        status: 401,
        cause: [{ scheme: 'basic', parameters: { realm: 'countersign' } }],
      });
    });

    it('understands what is wrong with a call', async () => {
      const client = await discover(demo);

      const failure = await openid
        .tokenIntrospection(client, 'x', { client_assertion: 'x' })
        .catch((error: unknown) => error);

      expect(failure).toBeInstanceOf(openid.ResponseBodyError);
      expect(failure).toMatchObject({ status: 400, error: 'invalid_request' });
    });
  });

  describe('oauth4webapi', () => {
    let server: oauth.AuthorizationServer;
    let client: oauth.Client;
    let options: { [oauth.customFetch]: ReturnType<typeof fetchFrom> };

    beforeAll(async () => {
      client = { client_id: demo.applicationId };
      options = { [oauth.customFetch]: fetchFrom(app) };
      const issuer = new URL(ISSUER);
      const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...options });
      server = await oauth.processDiscoveryResponse(issuer, answer);
    });

    const introspect = async (token: string) =>
      oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(
          server,
          client,
          oauth.ClientSecretBasic(demo.clientSecret),
          token,
          options,
        ),
      );

    it('introspects both tokens of a session, and finds them dead when one is revoked', async () => {
      const { accessToken, refreshToken, sessionId } = await app.signIn(demo);
      const tokens = [accessToken, refreshToken];

      const before = await Promise.all(tokens.map(introspect));
      const revocation = await oauth.revocationRequest(
        server,
        client,
        oauth.ClientSecretBasic(demo.clientSecret),
        accessToken,
        options,
      );
      await oauth.processRevocationResponse(revocation);
      const after = await Promise.all(tokens.map(introspect));

      expect(before).toMatchObject([
        { active: true, token_use: 'access_token', sid: sessionId },
        { active: true, token_use: 'refresh_token', sid: sessionId },
      ]);
      expect(after).toEqual([{ active: false }, { active: false }]);
    });
  });
});
