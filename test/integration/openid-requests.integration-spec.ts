import * as client from 'openid-client';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  acceptedBy,
  authorizing,
  Browser,
  CALLBACK,
  createClient,
  ISSUER,
  openPage,
  relyingParty,
  signedIn,
  tokensOf,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

const PAGE = 'https://spa.example.com';
const PAGE_CALLBACK = `${PAGE}/callback`;
const APP_ORIGIN = 'https://app.example.com';
const OTHER_APP = 'https://other.example.com';
const FOREIGN = 'https://evil.example';

describe('requests of clients to the OpenID provider', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useApplication(app, { origins: [APP_ORIGIN] });
  useApplication(app, { origins: [OTHER_APP] });

  it.each(['login', 'consent', 'select_account', 'login consent', 'consent select_account', 'create', ''])(
    'may always send prompt "%s", with scopes of other providers',
    async (prompt) => {
      const party = await relyingParty(app, await createClient(app, demo));
      const person = aPerson();
      const { browser } = await signedIn(app, demo, party, person);
      const asked = await authorizing(party, { prompt, scope: 'openid profile email offline_access' });

      const { url } = await browser.follow(asked.url);
      // The person is asked again, unless consent alone is wanted, which a client of the operator has.
      const isAsked = /login|select_account|create/.test(prompt);
      expect([prompt, url.startsWith(CALLBACK)]).toEqual([prompt, !isAsked]);
      const returned = isAsked
        ? await acceptedBy(app, demo, person, await openPage(browser, asked.url))
        : new URL(url);

      expect((await tokensOf(party, asked, returned)).claims()?.sub).toEqual(expect.any(String));
    },
  );

  describe('redirect addresses', () => {
    it.each(['http://127.0.0.1/cb', 'http://[::1]:7000/cb', 'http://localhost:8400/cb'])(
      'of a program on the machine of the person may have any port: %s',
      async (registered) => {
        const party = await relyingParty(
          app,
          await createClient(app, demo, { isPublic: true, redirectUrls: [registered] }),
        );
        const url = new URL(registered);
        url.port = '51234';
        const asked = await authorizing(party, { redirect_uri: url.href });

        const browser = new Browser(app);
        const returned = await acceptedBy(app, demo, aPerson(), await openPage(browser, asked.url));

        expect(returned.href).toContain(url.href);
        expect((await tokensOf(party, asked, returned)).claims()?.sub).toEqual(expect.any(String));
        // Remembered as any other browser.
        const silent = await authorizing(party, { redirect_uri: url.href, prompt: 'none' });
        expect((await browser.follow(silent.url)).url).toContain('code=');
        for (const other of [
          `${url.origin}/other`,
          'http://127.0.0.1.evil.example:51234/cb',
          'https://127.0.0.1/cb',
        ]) {
          const refused = await authorizing(party, { redirect_uri: other });
          expect([other, (await new Browser(app).get(refused.url)).status]).toEqual([other, 400]);
        }
      },
    );

    it('of a client with a secret have their own port only', async () => {
      const party = await relyingParty(
        app,
        await createClient(app, demo, { redirectUrls: ['http://127.0.0.1:8400/cb'] }),
      );
      const asked = await authorizing(party, { redirect_uri: 'http://127.0.0.1:8401/cb' });
      expect((await new Browser(app).get(asked.url)).status).toBe(400);
    });

    it.each([
      ['HTTPS://shop.example.com/cb', 'https://shop.example.com/cb'],
      ['https://Shop.example.com/cb', 'https://shop.example.com/cb'],
      ['https://shop.example.com:443/cb', 'https://shop.example.com/cb'],
      ['https://shop.example.com/a/../cb', 'https://shop.example.com/cb'],
      ['https://shop.example.com?x=1', 'https://shop.example.com/?x=1'],
      ['https://münchen.example/cb', 'https://xn--mnchen-3ya.example/cb'],
      ['https://shop.example.com/ä b', 'https://shop.example.com/%C3%A4%20b'],
      ['https:\\\\shop.example.com\\cb', 'https://shop.example.com/cb'],
      ['http://127.1:8400/cb', 'http://127.0.0.1:8400/cb'],
      ['http://[0:0:0:0:0:0:0:1]/cb', 'http://[::1]/cb'],
    ])('that no browser sends are refused with the right spelling: %s', async (url, sent) => {
      const operator = await anOperator(app);
      const path = `/v1/admin/applications/${demo.applicationId}/openid-clients`;
      for (const field of ['redirectUrls', 'afterLogoutUrls']) {
        const answer = await operator.post(path, { name: 'Shop', [field]: [url] });
        expectProblem(answer, 400, 'request.invalid');
        expect(JSON.stringify(answer.body)).toContain(`as browsers send it: ${sent}`);
      }
      expect((await operator.post(path, { name: 'Shop', redirectUrls: [sent] })).status).toBe(201);
    });

    it('may be an origin, as a page has it', async () => {
      const party = await relyingParty(app, await createClient(app, demo, { redirectUrls: [PAGE] }));
      const asked = await authorizing(party, { redirect_uri: PAGE });
      expect((await openPage(new Browser(app), asked.url)).code).not.toBe('');
    });

    it('of a client that has been there before stay as they are', async () => {
      const created = await createClient(app, demo);
      const old = 'https://Shop.example.com:443/cb';
      await app.database.query('UPDATE openid_clients SET redirect_urls = $1 WHERE id = $2', [
        [old],
        created.clientId,
      ]);
      const asked = await authorizing(await relyingParty(app, created), { redirect_uri: old });
      expect((await openPage(new Browser(app), asked.url)).code).not.toBe('');
      const own = `/v1/admin/applications/${demo.applicationId}/openid-clients/${created.clientId}`;
      const operator = await anOperator(app);
      expect((await operator.patch(own, { redirectUrls: [old, CALLBACK] })).status).toBe(200);
      expect((await operator.patch(own, { redirectUrls: [old, 'https://SHOP.example.com/x'] })).status).toBe(
        400,
      );
    });
  });

  describe('from a page', () => {
    const OF_PAGES = ['/oidc/token', '/oidc/userinfo', '/oidc/revoke', '/oidc/par'];
    const preflight = (origin: string, path: string) =>
      app.http.options(path).set({
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,dpop',
      });
    const post = (origin: string, path: string, form: object) =>
      app.http.post(path).set({ origin }).type('form').send(form);
    const ask = (origin: string, token: string) =>
      app.http.get('/oidc/userinfo').set({ origin, authorization: `Bearer ${token}` });
    const pageClient = () => createClient(app, demo, { isPublic: true, redirectUrls: [PAGE_CALLBACK] });

    it.each([PAGE, APP_ORIGIN])(
      'of a public client at %s the endpoints are open, with DPoP',
      async (origin) => {
        const created = await pageClient();
        for (const path of OF_PAGES) {
          const { status, headers } = await preflight(origin, path);
          expect([path, status, headers['access-control-allow-origin']]).toEqual([path, 204, origin]);
          for (const name of ['authorization', 'content-type', 'dpop'])
            expect(headers['access-control-allow-headers']).toContain(name);
        }
        const asOfPage: client.CustomFetch = async (url, options) => {
          const answer = await fetch(url.replace(ISSUER, `http://127.0.0.1:${app.port}`), {
            ...(options as RequestInit),
            headers: { ...options.headers, origin },
          });
          // The browser would give the page nothing else.
          if (![origin, '*'].includes(answer.headers.get('access-control-allow-origin') ?? ''))
            throw new TypeError(`no page reads ${url}`);
          return answer;
        };
        const party = await client.discovery(new URL(ISSUER), created.clientId, undefined, undefined, {
          [client.customFetch]: asOfPage,
        });
        const pkceCodeVerifier = client.randomPKCECodeVerifier();
        const pushed = await client.buildAuthorizationUrlWithPAR(party, {
          redirect_uri: PAGE_CALLBACK,
          scope: 'openid profile',
          code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          state: 'state',
        });
        const begun = await openPage(new Browser(app), pushed.href);
        const returned = await acceptedBy(app, demo, aPerson(), begun);
        const DPoP = client.getDPoPHandle(party, await client.randomDPoPKeyPair());
        const checks = { pkceCodeVerifier, expectedState: 'state' };
        const tokens = await client.authorizationCodeGrant(party, returned, checks, undefined, { DPoP });
        const sub = tokens.claims()?.sub ?? '';
        expect(await client.fetchUserInfo(party, tokens.access_token, sub, { DPoP })).toMatchObject({ sub });
        await client.tokenRevocation(party, tokens.access_token);
        await expect(client.fetchUserInfo(party, tokens.access_token, sub, { DPoP })).rejects.toMatchObject({
          status: 401,
        });
        const keys = await asOfPage(`${ISSUER}/.well-known/jwks.json`, {
          method: 'GET',
          headers: {},
        } as never);
        expect(keys.status).toBe(200);
      },
    );

    it('of a foreign origin nothing is readable, not even an error', async () => {
      const created = await pageClient();
      const party = await relyingParty(app, created);
      const { tokens } = await signedIn(app, demo, party, aPerson(), { redirect_uri: PAGE_CALLBACK });
      const confidential = await createClient(app, demo);
      const secret = { client_id: confidential.clientId, client_secret: confidential.clientSecret ?? '' };
      for (const origin of [
        FOREIGN,
        'null',
        `${PAGE}.evil.example`,
        'http://spa.example.com',
        `${PAGE}:8443`,
      ]) {
        for (const path of OF_PAGES)
          expectProblem(await preflight(origin, path), 403, 'request.origin_not_allowed');
        const answers = [
          await ask(origin, tokens.access_token),
          await ask(origin, 'wrong'),
          await post(origin, '/oidc/token', { client_id: 'x' }),
          await post(origin, '/oidc/token', { client_id: created.clientId, grant_type: 'refresh_token' }),
          await post(origin, '/oidc/introspect', { ...secret, token: 'x' }),
        ];
        for (const { headers } of answers) expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
      // An origin of another application may know that it was refused, and no more.
      const ofOther = await ask(OTHER_APP, tokens.access_token);
      expect([ofOther.status, ofOther.headers['access-control-allow-origin']]).toEqual([400, undefined]);
      const error = await ask(PAGE, 'wrong');
      expect([error.status, error.headers['access-control-allow-origin']]).toEqual([401, PAGE]);
      // The server of a client may pass on the header of its page.
      const form = { ...secret, token: tokens.access_token };
      const passed = await post(FOREIGN, '/oidc/introspect', form);
      expect([passed.status, passed.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    });
  });

  it('keep a window connected to the page that opened it, on each page of a sign-in', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const device = await relyingParty(
      app,
      await createClient(app, demo, { isPublic: true, redirectUrls: [] }),
    );
    const { verification_uri_complete: link = '' } = await client.initiateDeviceAuthorization(device, {
      scope: 'openid',
    });
    const browser = new Browser(app);
    const { url } = await authorizing(party);
    const { pageUrl } = await openPage(browser, url);

    for (const path of [
      url,
      pageUrl,
      `${pageUrl}/telegram`,
      `${pageUrl}/continue`,
      '/oidc/auth',
      '/oidc/logout',
      '/v1/auth/telegram/oidc/callback',
      link,
    ])
      expect([path, (await browser.get(path)).headers['cross-origin-opener-policy']]).toEqual([
        path,
        undefined,
      ]);
    expect((await app.http.get('/v1/me')).headers['cross-origin-opener-policy']).toBe('same-origin');
  });
});
