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
  });
});
