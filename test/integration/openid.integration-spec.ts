import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { Logouts } from '@countersign/openid';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  acceptedBy,
  anUnsigned,
  approveDevice,
  authorizing,
  Browser,
  CALLBACK,
  continuedDevice,
  createClient,
  goOn,
  ISSUER,
  launchedBy,
  openPage,
  relyingParty,
  seenBy,
  signedIn,
  tokensOf,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { isLive, signInPerson } from '../support/person-session';
import { aTeam } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { until } from '../support/until';
import { ALLOW_RECEIVERS } from '../support/webhooks';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const REFUSED = { error: 'invalid_grant' };

describe('an OpenID provider whose login page is the phone', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, ...ALLOW_RECEIVERS } });
  const demo = useApplication(app, { settings: { identityToken: { inAnswers: true } } });
  beforeAll(() => {
    app.nest.get(Logouts).start();
  });

  it('signs a browser in by code and PKCE, with the claims that the client asked for', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const person = aPerson();

    const { tokens, browser } = await signedIn(app, demo, party, person);

    const phone = await signInPerson(app, demo, person);
    const { userId } = phone;
    expect(tokens.claims()).toMatchObject({
      iss: ISSUER,
      sub: userId,
      acr: 'platform',
      amr: ['telegram-init-data'],
      auth_time: expect.any(Number) as number,
    });
    const info = await client.fetchUserInfo(party, tokens.access_token, userId);
    expect(info).toMatchObject({ sub: userId, name: expect.any(String) as string });
    expect(Object.keys(info)).not.toEqual(expect.arrayContaining(['phone_number', 'groups', 'wallets']));
    expect(browser.cookie('__Host-countersign')).toEqual(expect.any(String));
    // Remembered: another client of the application needs no phone.
    const other = await relyingParty(app, await createClient(app, demo, { algorithm: 'ES256' }));
    const asked = await authorizing(other);
    const returned = await seenBy(browser, asked.url);
    const again = await tokensOf(other, asked, returned);
    expect(again.claims()?.sub).toBe(userId);
    expect(decodeProtectedHeader(again.id_token ?? '').alg).toBe('ES256');
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('RS256');
    // A client of another application asks its own people.
    const foreign = await relyingParty(app, await createClient(app, await app.createApplication({})));
    const silent = await authorizing(foreign, { prompt: 'none' });
    const refused = new URL((await browser.follow(silent.url)).url);
    expect(refused.searchParams.get('error')).toBe('login_required');
    expect((await openPage(browser, (await authorizing(foreign)).url)).code).not.toBe('');
  });

  it.each<[string, (secret: string) => client.ClientAuth]>([
    ['by HTTP Basic', client.ClientSecretBasic],
    ['in the body', client.ClientSecretPost],
  ])('accepts the secret of any client %s, at each endpoint', async (_, authentication) => {
    const created = await createClient(app, demo);
    const withSecret = (secret: string) => relyingParty(app, created, authentication(secret));
    const party = await withSecret(created.clientSecret ?? '');

    const { tokens } = await signedIn(app, demo, party, aPerson());

    expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(true);
    const pushed = await client.buildAuthorizationUrlWithPAR(party, {
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
    expect(pushed.searchParams.get('request_uri')).toContain('urn:');
    const wrong = await withSecret('cs_cs_guessed');
    for (const ask of [
      () => client.tokenIntrospection(wrong, tokens.access_token),
      () => client.tokenRevocation(wrong, tokens.access_token),
      () => client.refreshTokenGrant(wrong, tokens.refresh_token ?? ''),
    ])
      await expect(ask()).rejects.toMatchObject({ status: 401 });
    await client.tokenRevocation(party, tokens.access_token);
    expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(false);
  });

  it('answers no other spelling of its paths, and no form without its browser', async () => {
    for (const path of ['/oidc/AUTH', '/oidc/auth/', '/oidc/DEVICE/auth', '/oidc/device/x'])
      expect([path, (await app.http.get(path)).status]).toEqual([path, 404]);
    expect((await app.http.post('/oidc/device').type('form').send({ user_code: 'x' })).status).toBe(400);
  });

  it('names the same endpoints in both documents of metadata, and publishes the keys of both kinds of tokens', async () => {
    const [openid, server, jwks] = [
      (await app.http.get('/.well-known/openid-configuration')).body as Readonly<Record<string, unknown>>,
      (await app.http.get('/.well-known/oauth-authorization-server')).body as object,
      (await app.http.get('/.well-known/jwks.json')).body as { keys: readonly Record<string, string>[] },
    ];

    expect(server).toMatchObject({
      ...openid,
      introspection_endpoint: `${ISSUER}/v1/oauth/introspect`,
      revocation_endpoint: `${ISSUER}/v1/oauth/revoke`,
    });
    expect(openid['jwks_uri']).toBe(`${ISSUER}/.well-known/jwks.json`);
    expect(jwks.keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256']);
    expect(
      jwks.keys.flatMap((key) => Object.keys(key)).filter((name) => ['d', 'p', 'q'].includes(name)),
    ).toEqual([]);
  });

  it('does nothing by a launch alone', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const begun = await openPage(new Browser(app), (await authorizing(party)).url);
    const phone = await launchedBy(app, demo, aPerson(), begun);
    const path = `/v1/openid/requests/${begun.code}`;

    expect((await phone.get(path)).body).toMatchObject({
      clientName: 'Shop',
      isThirdParty: false,
      browser: 'Firefox on Linux',
      toAgree: [],
    });
    expect((await begun.browser.get(`${begun.pageUrl}/state`)).body).toMatchObject({ isOver: false });
    expect((await begun.browser.get(`${begun.pageUrl}/continue`)).status).toBe(404);
    expectProblem(await phone.post(`${path}/accept`, { number: '10' }), 400, 'request.invalid');
  });

  it('is accepted soon after a launch, in the application of the client, and once', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const begun = await openPage(new Browser(app), (await authorizing(party)).url);
    const { code, number } = begun;
    const path = `/v1/openid/requests/${code}`;
    const other = await app.createApplication();
    const stranger = await signInPerson(app, other);
    expectProblem(await stranger.get(path), 404, 'openid.request_not_found');
    expectProblem(await stranger.post(`${path}/accept`, { number }), 404, 'openid.request_not_found');
    const old = await signInPerson(app, demo);
    app.clock.advance(301);
    expectProblem(await old.post(`${path}/accept`, { number }), 403, 'openid.launch_required');

    // A launch of its own for another purpose, however recent.
    const recent = await signInPerson(app, demo);
    expectProblem(await recent.post(`${path}/accept`, { number }), 403, 'openid.launch_required');

    const phone = await launchedBy(app, demo, aPerson(), begun);
    const answers = await Promise.all(times(5, () => phone.post(`${path}/accept`, { number })));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 404, 404, 404, 404]);
    // The page of another browser does not go on with it.
    const thief = new Browser(app);
    expect((await thief.get(`${begun.pageUrl}/continue`)).status).toBe(404);
    expect((await thief.get(begun.pageUrl)).status).toBe(404);
  });

  it('is not signed in without its person, silently', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const unasked = await authorizing(party, { prompt: 'none' });
    const silent = new URL((await new Browser(app).follow(unasked.url)).url);
    expect(silent.searchParams.get('error')).toBe('login_required');
  });

  it('rotates refresh tokens: one that comes again ends the grant', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const { tokens } = await signedIn(app, demo, party, aPerson());
    const first = tokens.refresh_token ?? '';

    const second = await client.refreshTokenGrant(party, first);

    expect(second.refresh_token).not.toBe(first);
    await expect(client.refreshTokenGrant(party, first)).rejects.toMatchObject(REFUSED);
    await expect(client.refreshTokenGrant(party, second.refresh_token ?? '')).rejects.toMatchObject(REFUSED);
    const { active } = await client.tokenIntrospection(party, second.access_token);
    expect(active).toBe(false);
  });

  it('takes a code once: a replay ends the grant, also at the same time', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const { asked, returned, tokens } = await signedIn(app, demo, party, aPerson());

    await expect(tokensOf(party, asked, returned)).rejects.toMatchObject(REFUSED);
    expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(false);
    await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject(REFUSED);

    const next = await authorizing(party);
    const begun = await openPage(new Browser(app), next.url);
    const back = await acceptedBy(app, demo, aPerson(), begun);
    const raced = await Promise.allSettled(times(5, () => tokensOf(party, next, back)));
    const won = raced.filter((each) => each.status === 'fulfilled');
    expect(won.length).toBeLessThanOrEqual(1);
    for (const { value } of won)
      expect((await client.tokenIntrospection(party, value.access_token)).active).toBe(false);
  });

  it('takes pushed requests, DPoP, introspection and revocation', async () => {
    const created = await createClient(app, demo);
    const party = await relyingParty(app, created);
    const codeVerifier = client.randomPKCECodeVerifier();
    const pushed = await client.buildAuthorizationUrlWithPAR(party, {
      redirect_uri: CALLBACK,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state: 'pushed',
    });
    const begun = await openPage(new Browser(app), pushed.href);
    const returned = await acceptedBy(app, demo, aPerson(), begun);
    const DPoP = client.getDPoPHandle(party, await client.randomDPoPKeyPair());
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: 'pushed' };
    const tokens = await client.authorizationCodeGrant(party, returned, checks, undefined, { DPoP });

    expect(tokens.token_type).toBe('dpop');
    const seen = await client.tokenIntrospection(party, tokens.access_token);
    expect(seen).toMatchObject({ active: true, sub: tokens.claims()?.sub, client_id: created.clientId });
    // Not by another client, nor without the key.
    await expect(
      client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 });
    const other = await relyingParty(app, await createClient(app, demo));
    expect((await client.tokenIntrospection(other, tokens.access_token)).active).toBe(false);
    await client.tokenRevocation(party, tokens.refresh_token ?? '');
    expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(false);
  });

  it('signs in a device by its code', async () => {
    const created = await createClient(app, demo, { isPublic: true, redirectUrls: [] });
    const party = await relyingParty(app, created);
    const device = await client.initiateDeviceAuthorization(party, { scope: 'openid' });
    const browser = new Browser(app);
    const uriOf = (of: typeof device): string => of.verification_uri_complete ?? '';
    const phone = await approveDevice(app, demo, aPerson(), uriOf(device), browser);

    const tokens = await client.pollDeviceAuthorizationGrant(party, { ...device, interval: 0 });

    expect(tokens.claims()?.sub).toBe(phone.userId);
    const grant = { device_code: device.device_code };
    await expect(client.genericGrantRequest(party, DEVICE_GRANT, grant)).rejects.toMatchObject(REFUSED);
    // The browser is remembered, and asks for the phone again: one who sends a link to a device of theirs gets nothing.
    const next = await client.initiateDeviceAuthorization(party, { scope: 'openid' });
    expect(await continuedDevice(browser, uriOf(next))).toContain('/oidc/sign-in/');
    const devices = [{ clientId: created.clientId, name: 'Shop', isDevice: true }];
    expect(await kindsOf(phone.userId)).toEqual([
      ['device', devices],
      ['telegram-init-data', []],
    ]);
  });

  it('shows operators for which clients a browser has a session', async () => {
    const wiki = await createClient(app, demo, { name: 'Wiki' });
    const forum = await createClient(app, demo, { name: 'Forum' });
    const { tokens, browser } = await signedIn(app, demo, await relyingParty(app, wiki), aPerson());
    const userId = tokens.claims()?.sub ?? '';
    const ofWiki = { clientId: wiki.clientId, name: 'Wiki', isDevice: false };
    const { url } = await authorizing(await relyingParty(app, forum));
    await browser.follow(url);
    // The page of the forum was only shown.
    expect(await kindsOf(userId)).toEqual([
      ['browser', [ofWiki]],
      ['telegram-init-data', []],
    ]);

    await seenBy(browser, url);

    expect(await kindsOf(userId)).toEqual([
      ['browser', [ofWiki, { clientId: forum.clientId, name: 'Forum', isDevice: false }]],
      ['telegram-init-data', []],
    ]);
  });

  /** Newest first. */
  async function kindsOf(userId: string): Promise<readonly (readonly [kind: string, clients: unknown])[]> {
    const operator = await anOperator(app, ['sessions:read']);
    const { items } = (await operator.get(`/v1/admin/users/${userId}/sessions`)).body as {
      items: readonly { kind: string; openidClients: unknown }[];
    };
    return items.map(({ kind, openidClients }) => [kind, openidClients]);
  }

  describe('with the session of the browser', () => {
    const receiver = useReceiver();

    it('ends what its clients have, and tells them', async () => {
      const created = await createClient(app, demo, { logoutUrl: `${receiver.url}/logout` });
      const party = await relyingParty(app, created);
      const person = aPerson();
      const { tokens, browser } = await signedIn(app, demo, party, person);
      const phone = await signInPerson(app, demo, person);
      const { items } = (await phone.get('/v1/me/sessions')).body as {
        items: readonly { sessionId: string; deviceName: string | null }[];
      };
      const session = items.find(({ deviceName }) => deviceName === 'Firefox on Linux');

      expect((await phone.delete(`/v1/me/sessions/${session?.sessionId ?? ''}`)).status).toBe(204);

      await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject(
        REFUSED,
      );
      expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(false);
      await expect(client.fetchUserInfo(party, tokens.access_token, phone.userId)).rejects.toThrow();
      const { url } = await browser.follow((await authorizing(party, { prompt: 'none' })).url);
      expect(new URL(url).searchParams.get('error')).toBe('login_required');
      await until(() => receiver.bodies.length > 0);
      const token = new URLSearchParams(receiver.bodies.at(-1)).get('logout_token') ?? '';
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'logout+jwt' });
      expect(decodeJwt(token)).toMatchObject({
        iss: ISSUER,
        aud: created.clientId,
        sid: tokens.claims()?.['sid'],
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      expect(await isLive(app, phone)).toBe(true);
    });

    it.each<[string, (userId: string) => Promise<unknown>]>([
      ['deactivation', (userId) => app.accounts.setStatus(userId, 'deactivated')],
      ['revocation by an operator', (userId) => app.accounts.revoke({ userId })],
    ])('ends all at once by %s', async (_, end) => {
      const party = await relyingParty(app, await createClient(app, demo));
      const { tokens } = await signedIn(app, demo, party, aPerson());

      await end(tokens.claims()?.sub ?? '');

      await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject(
        REFUSED,
      );
    });

    it('ends all at once by a leaked bot', async () => {
      const optional = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
      const party = await relyingParty(app, await createClient(app, optional));
      const asked = await authorizing(party);
      const begun = await openPage(new Browser(app), asked.url);
      const returned = await acceptedBy(app, optional, anUnsigned(app, optional), begun);
      const tokens = await tokensOf(party, asked, returned);
      expect(tokens.claims()).toMatchObject({ acr: 'bot-token', amr: ['telegram-init-data'] });

      const bot = { provider: 'telegram', environment: 'production', botId: optional.botId } as const;
      await app.accounts.revokeLeaked({ bot, since: new Date(0) });

      await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject(
        REFUSED,
      );
    });

    it('ends by a logout at the client, which the other clients hear of', async () => {
      const after = 'https://shop.example.com/bye';
      const party = await relyingParty(app, await createClient(app, demo, { afterLogoutUrls: [after] }));
      const heard = await createClient(app, demo, { logoutUrl: `${receiver.url}/other` });
      const { tokens, browser } = await signedIn(app, demo, party, aPerson());
      const other = await relyingParty(app, heard);
      const asked = await authorizing(other);
      const others = await tokensOf(other, asked, await seenBy(browser, asked.url));
      const before = receiver.bodies.length;
      const logout = client.buildEndSessionUrl(party, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: after,
        state: 'bye',
      });
      const page = await browser.get(logout.href);
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? [];
      expect((await browser.post('/oidc/logout/confirm', { xsrf: 'guessed', logout: 'yes' })).status).toBe(
        400,
      );

      const left = await browser.post('/oidc/logout/confirm', { xsrf, logout: 'yes' });

      expect(left.headers).toMatchObject({ location: `${after}?state=bye` });
      await expect(client.refreshTokenGrant(other, others.refresh_token ?? '')).rejects.toMatchObject(
        REFUSED,
      );
      await until(() => receiver.bodies.length > before);
    });
  });

  it('asks for consent before a client of a third party gets anything, and takes it back', async () => {
    const created = await createClient(app, demo, { isThirdParty: true });
    const party = await relyingParty(app, created);
    const person = aPerson();
    const asked = await authorizing(party);
    const begun = await openPage(new Browser(app), asked.url);
    const phone = await launchedBy(app, demo, person, begun);
    const { number } = begun;
    const path = `/v1/openid/requests/${begun.code}`;
    expect((await phone.get(path)).body).toMatchObject({
      isThirdParty: true,
      toAgree: ['who you are for it', 'your name, username and photo'],
    });
    expectProblem(await phone.post(`${path}/accept`, { number }), 403, 'openid.consent_required');
    const returned = await acceptedBy(app, demo, person, begun, true);
    const tokens = await tokensOf(party, asked, returned);

    const { userId } = phone;
    const sub = tokens.claims()?.sub ?? '';
    expect(sub).not.toBe(userId);
    expect(JSON.stringify(await client.fetchUserInfo(party, tokens.access_token, sub))).not.toContain(userId);
    expect((await client.tokenIntrospection(party, tokens.access_token)).sub).toBe(sub);
    const me = await phone.get('/v1/me');
    expect(me.body).toMatchObject({
      openidConsents: [{ clientId: created.clientId, clientName: 'Shop', scopes: ['openid', 'profile'] }],
    });
    expect((await phone.get('/v1/me/consents')).body).toMatchObject({
      items: [{ clientId: created.clientId, scopes: ['openid', 'profile'] }],
    });

    expect((await phone.delete(`/v1/me/consents/${created.clientId}`)).status).toBe(204);

    await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject(REFUSED);
    expect((await phone.get('/v1/me')).body).toMatchObject({ openidConsents: [] });
    // The browser is signed in still, and the phone is asked.
    const again = await authorizing(party);
    const consent = await openPage(begun.browser, again.url);
    const back = await acceptedBy(app, demo, person, consent, true);
    expect((await tokensOf(party, again, back)).claims()?.sub).toBe(sub);
  });

  it('asks again where the client wants it; another person replaces the first', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const [ada, eve] = [aPerson(), aPerson()];
    const { browser, tokens } = await signedIn(app, demo, party, ada);
    const asked = await authorizing(party, { prompt: 'login' });
    const again = await acceptedBy(app, demo, ada, await openPage(browser, asked.url));
    expect((await tokensOf(party, asked, again)).claims()?.sub).toBe(tokens.claims()?.sub);
    const renewed = await client.refreshTokenGrant(party, tokens.refresh_token ?? '');

    const other = await authorizing(party, { prompt: 'login', max_age: '0' });
    const begun = await openPage(browser, other.url);
    const phone = await launchedBy(app, demo, eve, begun);
    const { number } = begun;
    expect((await phone.post(`/v1/openid/requests/${begun.code}/accept`, { number })).status).toBe(204);
    const { answer } = await goOn(begun);
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(answer.text) ?? [];
    const left = await browser.post('/oidc/logout/confirm', { xsrf, logout: 'yes' });
    expect([answer.status, left.status, left.headers['location']]).toEqual([
      200,
      303,
      expect.stringContaining('/oidc/auth/'),
    ]);
    const { url } = await browser.follow((left.headers as { location: string }).location);

    expect((await tokensOf(party, other, new URL(url))).claims()?.sub).toBe(phone.userId);
    await expect(client.refreshTokenGrant(party, renewed.refresh_token ?? '')).rejects.toMatchObject(REFUSED);
  });

  it('claims teams by their ids, and nothing that the client may not have', async () => {
    const created = await createClient(app, demo, { scopes: ['openid', 'groups'] });
    const party = await relyingParty(app, created);
    const person = aPerson();
    const phone = await signInPerson(app, demo, person);
    const { teamId } = await aTeam(phone);
    const claims = JSON.stringify({ userinfo: { phone_number: null, name: null } });
    const more = { scope: 'openid groups', prompt: 'consent', claims };
    const { tokens } = await signedIn(app, demo, party, person, more);

    const info = await client.fetchUserInfo(party, tokens.access_token, phone.userId);

    expect(info).toEqual({
      ...{
        sub: phone.userId,
        acr: 'platform',
        amr: ['telegram-init-data'],
      },
      groups: [teamId, `${teamId}:owner`],
    });
    const stored = JSON.stringify([
      await app.database.query('SELECT * FROM openid_records'),
      await app.database.query('SELECT * FROM openid_clients'),
    ]);
    for (const secret of [tokens.access_token, tokens.refresh_token ?? '', created.clientSecret ?? ''])
      expect(stored).not.toContain(secret);
    const excess = await authorizing(party, { scope: 'openid phone' });
    const refused = new URL((await new Browser(app).follow(excess.url)).url);
    expect(refused.searchParams.get('error')).toBe('invalid_scope');
  });

  it('refuses what is not the client’s: addresses, codes, secrets, requests by reference', async () => {
    const created = await createClient(app, demo);
    const party = await relyingParty(app, created);
    const { url } = await authorizing(party);
    for (const redirectUri of [
      `${CALLBACK}/`,
      `${CALLBACK}?x=1`,
      `${CALLBACK}#x`,
      'https://shop.example.com.evil.example/callback',
      'https://user@shop.example.com/callback',
      'https://shop.example.com\\@evil.example/callback',
      'HTTPS://shop.example.com/callback',
      '//shop.example.com/callback',
      'javascript:alert(1)',
    ]) {
      const tricked = new URL(url);
      tricked.searchParams.set('redirect_uri', redirectUri);
      const answer = await new Browser(app).get(tricked.href);
      expect([answer.status, answer.headers['location']]).toEqual([400, undefined]);
      expect(answer.headers).toMatchObject({
        'x-frame-options': 'DENY',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
      });
    }
    for (const name of ['request', 'request_uri']) {
      const { headers } = await new Browser(app).get(`${url}&${name}=http%3A%2F%2F127.0.0.1%3A1%2Fx`);
      expect(headers['location']).toMatch(
        /[?&]error=(request_not_supported|invalid_request_uri|request_uri_not_supported)/,
      );
    }

    const { asked, returned } = await signedInWithoutTokens();
    const other = await relyingParty(app, await createClient(app, demo));
    await expect(tokensOf(other, asked, returned)).rejects.toMatchObject(REFUSED);
    const guessing = await relyingParty(app, { ...created, clientSecret: 'cs_cs_guessed' });
    await expect(tokensOf(guessing, asked, returned)).rejects.toMatchObject({ status: 401 });
    await expect(
      tokensOf(party, { ...asked, codeVerifier: client.randomPKCECodeVerifier() }, returned),
    ).rejects.toMatchObject(REFUSED);

    async function signedInWithoutTokens() {
      const wanted = await authorizing(party);
      const begun = await openPage(new Browser(app), wanted.url);
      return { asked: wanted, returned: await acceptedBy(app, demo, aPerson(), begun) };
    }
  });

  it('gives tokens that are none of the other kind', async () => {
    const created = await createClient(app, demo, { algorithm: 'ES256' });
    const party = await relyingParty(app, created);
    const { tokens } = await signedIn(app, demo, party, aPerson());
    const idToken = tokens.id_token ?? '';

    expect(decodeProtectedHeader(idToken).typ).not.toBe('countersign-identity+jwt');
    expect((await app.check(idToken)).status).toBe(401);
    expect((await app.check(tokens.access_token)).status).toBe(401);
    const phone = await signInPerson(app, demo);
    await expect(client.fetchUserInfo(party, phone.accessToken, phone.userId)).rejects.toThrow();
    const { identityToken } = (await phone.post('/v1/auth/refresh', { refreshToken: phone.refreshToken }))
      .body as { identityToken: string };
    expect(decodeProtectedHeader(identityToken).typ).toBe('countersign-identity+jwt');
    expect(decodeJwt(identityToken).aud).not.toBe(created.clientId);
    const hinted = await authorizing(party, { id_token_hint: identityToken, prompt: 'none' });
    const { url } = await new Browser(app).follow(hinted.url);
    expect(new URL(url).searchParams.get('error')).toBe('invalid_request');
  });

  it('is set up by operators: clients are listed, changed, and removed with all that they hold', async () => {
    const created = await createClient(app, demo);
    const operator = await anOperator(app);
    const path = `/v1/admin/applications/${demo.applicationId}/openid-clients`;
    const own = `${path}/${created.clientId}`;
    const party = await relyingParty(app, created);
    const { tokens } = await signedIn(app, demo, party, aPerson());

    expect(JSON.stringify((await operator.get(path)).body)).not.toContain(created.clientSecret);
    expect((await operator.patch(own, { name: 'Other' })).body).toMatchObject({
      name: 'Other',
      isPublic: false,
    });
    for (const wanted of [
      { redirectUrls: ['http://shop.example.com/callback'] },
      { afterLogoutUrls: ['https://shop.example.com/#x'] },
      { logoutUrl: 'http://10.0.0.1/x' },
    ])
      expectProblem(await operator.patch(own, wanted), 400, 'request.invalid');
    const { clientSecret } = (await operator.post(`${own}/rotate-secret`)).body as { clientSecret: string };
    await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject({
      status: 401,
    });
    const renewed = await relyingParty(app, { ...created, clientSecret });
    const next = await client.refreshTokenGrant(renewed, tokens.refresh_token ?? '');
    expect((await operator.patch(own, { scopes: ['openid'] })).status).toBe(200);
    await expect(client.refreshTokenGrant(renewed, next.refresh_token ?? '')).rejects.toMatchObject(REFUSED);
    expect((await operator.delete(own)).status).toBe(204);
    await expect(client.refreshTokenGrant(renewed, next.refresh_token ?? '')).rejects.toMatchObject({
      status: 401,
    });
    expect(
      await app.database.query('SELECT 1 FROM openid_records WHERE client_id = $1', [created.clientId]),
    ).toEqual([]);
  });
});

interface Receiver {
  readonly url: string;
  readonly bodies: readonly string[];
}

/** A client that hears of the end of sessions. */
function useReceiver(): Receiver {
  return useFixture(
    async () => {
      const bodies: string[] = [];
      const server: Server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          bodies.push(body);
          response.statusCode =
            request.headers['content-type'] === 'application/x-www-form-urlencoded' ? 200 : 415;
          response.end();
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { url, bodies, server };
    },
    { close: ({ server }) => new Promise<void>((closed) => server.close(() => closed())) },
  );
}
