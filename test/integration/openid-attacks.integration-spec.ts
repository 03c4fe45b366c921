import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import * as client from 'openid-client';
import { aPerson, times } from '../factories';
import {
  acceptedBy,
  anUnsigned,
  authorizing,
  Browser,
  createClient,
  ISSUER,
  openPage,
  relyingParty,
  signedIn,
  tokensOf,
} from '../support/openid';
import { useApplication, useTestApp } from '../support/use-test-app';

const SESSION = '__Host-countersign';
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

  it('gives a code for no weaker session than the client needs', async () => {
    const optional = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
    const party = await relyingParty(app, await createClient(app, optional));
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'platform' } } });
    const hint = { login_hint: '"><script>alert(1)</script>' };
    for (const [more, isEnough] of [
      [{ acr_values: 'platform', ...hint }, true],
      [{ claims, ...hint }, false],
    ] as const) {
      const asked = await authorizing(party, more);
      const begun = await openPage(new Browser(app), asked.url);
      expect(begun.page).not.toContain('alert(1)');

      const returned = await acceptedBy(app, optional, anUnsigned(app, optional), begun);

      // A wish is told what became of it; a need is asked for again.
      if (isEnough) expect((await tokensOf(party, asked, returned)).claims()?.['acr']).toBe('bot-token');
      else expect(returned.href).toMatch(/\/oidc\/sign-in\/[0-9a-f]{32}$/);
    }
  });

  it('says who answers, against a mix-up, and forbids frames on each page', async () => {
    const device = await relyingParty(
      app,
      await createClient(app, demo, { isPublic: true, redirectUrls: [] }),
    );
    const { verification_uri_complete: link = '' } = await client.initiateDeviceAuthorization(device, {
      scope: 'openid',
    });
    const party = await relyingParty(app, await createClient(app, demo));
    const { browser, asked, returned } = await signedIn(app, demo, party, aPerson());
    const silent = await new Browser(app).follow((await authorizing(party, { prompt: 'none' })).url);

    for (const answer of [returned, new URL(silent.url)]) expect(answer.searchParams.get('iss')).toBe(ISSUER);
    const mixed = new URL(returned);
    mixed.searchParams.set('iss', 'https://evil.example');
    await expect(tokensOf(party, asked, mixed)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
    const login = await openPage(browser, (await authorizing(party, { prompt: 'login' })).url);
    for (const path of [login.pageUrl, '/oidc/logout', link, '/oidc/auth', '/oidc/sign-in/x'])
      expect([path, (await browser.get(path)).headers]).toMatchObject([
        path,
        {
          'x-frame-options': 'DENY',
          'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
        },
      ]);
  });

  it('takes no cookie from before the sign-in, nor after its end', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const browser = new Browser(app);
    const begun = await openPage(browser, (await authorizing(party)).url);
    const planted = browser.cookie(SESSION);
    await acceptedBy(app, demo, aPerson(), begun);
    const stolen = browser.cookie(SESSION) ?? '';
    const silentWith = async (cookie: string): Promise<string | null> => {
      const { pathname, search } = new URL((await authorizing(party, { prompt: 'none' })).url);
      const answer = await app.http.get(pathname + search).set('cookie', `${SESSION}=${cookie}`);
      return new URL(answer.headers['location'] ?? '').searchParams.get('error');
    };
    expect(await silentWith(stolen)).toBeNull();

    expect(stolen).not.toBe(planted);
    expect(await silentWith(planted ?? 'none')).toBe('login_required');
    const { text } = await browser.get('/oidc/logout');
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(text) ?? [];
    await browser.post('/oidc/logout/confirm', { xsrf, logout: 'yes' });
    expect(await silentWith(stolen)).toBe('login_required');
  });

  it('fetches nothing that a request names', async () => {
    const created = await createClient(app, demo);
    const { url } = await authorizing(await relyingParty(app, created));
    let calls = 0;
    const inside = createServer((_, response) => {
      calls += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(inside, 'listening');
    const target = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/x`;
    const form = Object.fromEntries(new URL(url).searchParams);
    const secret = created.clientSecret ?? '';

    const answers = [
      await app.http.get(`/oidc/auth?${new URLSearchParams({ ...form, request_uri: target }).toString()}`),
      await app.http
        .post('/oidc/par')
        .auth(created.clientId, secret)
        .type('form')
        .send({ ...form, request_uri: target, jwks_uri: target, sector_identifier_uri: target }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([303, 400]);
    expect(calls).toBe(0);
    inside.close();
  });
});
