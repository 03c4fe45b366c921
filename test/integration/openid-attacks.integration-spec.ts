import { createHash } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { aPerson, times } from '../factories';
import {
  Browser,
  authorizing,
  createClient,
  ISSUER,
  acceptedBy,
  openPage,
  relyingParty,
} from '../support/openid';
import { useApplication, useTestApp } from '../support/use-test-app';

const USERINFO = '/oidc/userinfo';

describe('an OpenID provider under attack', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useApplication(app);

  it('takes a DPoP proof once, also on connections at the same time', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const keys = await client.randomDPoPKeyPair('ES256');
    const asked = await authorizing(party);
    const returned = await acceptedBy(app, demo, aPerson(), await openPage(new Browser(app), asked.url));
    const { codeVerifier: pkceCodeVerifier, nonce: expectedNonce, state: expectedState } = asked;
    const checks = { pkceCodeVerifier, expectedNonce, expectedState };
    const DPoP = client.getDPoPHandle(party, keys);
    const { access_token: token } = await client.authorizationCodeGrant(
      party,
      returned,
      checks,
      {},
      { DPoP },
    );
    const now = Math.floor(Date.now() / 1_000);
    // Its clock may be ahead.
    for (const iat of [now, now + 200]) {
      const ath = createHash('sha256').update(token).digest('base64url');
      const proof = await new SignJWT({ jti: `of ${iat}`, htm: 'GET', htu: `${ISSUER}${USERINFO}`, iat, ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey) })
        .sign(keys.privateKey);

      const answers = await Promise.all(
        times(20, () =>
          fetch(`http://127.0.0.1:${app.port}${USERINFO}`, {
            headers: { authorization: `DPoP ${token}`, dpop: proof, connection: 'close' },
          }),
        ),
      );

      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...times(19, () => 401)]);
    }
    const [expiry] = await app.database.query<{ left: string }>(
      `SELECT extract(epoch FROM max(expires_at)) AS left FROM openid_records WHERE model = 'ReplayDetection'`,
    );
    expect(Number(expiry?.left)).toBeGreaterThan(now + 500);
  });

  it('tells by no dump which code a device shows', async () => {
    const party = await relyingParty(
      app,
      await createClient(app, demo, { isPublic: true, redirectUrls: [] }),
    );
    const { user_code: shown } = await client.initiateDeviceAuthorization(party, { scope: 'openid' });
    const codes = [shown, shown.replace('-', '')];

    const dump = JSON.stringify(await app.database.query('SELECT * FROM openid_records'));

    for (const code of codes)
      for (const model of ['DeviceCode', 'DeviceCode/other', 'DeviceCode/user']) {
        const digest = createHash('sha256').update(`${model} ${code}`).digest('base64url');
        expect(dump).not.toContain(digest);
        expect(dump).not.toContain(code);
      }
    const form = await new Browser(app).get(`/oidc/device?user_code=${shown}`);
    expect(form.text).toContain('value=');
  });
});
