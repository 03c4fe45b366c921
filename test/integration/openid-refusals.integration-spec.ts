import { randomUUID } from 'node:crypto';
import * as client from 'openid-client';
import { callRules, RateLimits, refusalRules } from '@countersign/http';
import { aPerson, countBy, times } from '../factories';
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
  type CreatedClient,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const TOKEN = '/oidc/token';
/** RFC 6749 appendix A.8. */
const DESCRIPTION = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

let addresses = 0;
/** An address that nobody has called from. */
const anAddress = () => `203.0.113.${(addresses += 1)}`;

describe('refusals of the OpenID provider', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, TRUSTED_PROXIES: '127.0.0.1' } });
  const demo = useApplication(app);

  const postFrom = (address: string, path: string, form: object) =>
    app.http.post(path).set('x-forwarded-for', address).type('form').send(form);
  const credentialsOf = ({ clientId: client_id, clientSecret: client_secret }: CreatedClient) => ({
    client_id,
    ...(client_secret !== null && { client_secret }),
  });
  const linesOf = () =>
    app.logLines
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      .filter(({ msg }) => msg === 'OpenID request refused');

  it('are in the log, in a metric, and in the counts of the console', async () => {
    const created = await createClient(app, demo);
    const party = await relyingParty(app, created);
    const asked = await authorizing(party, { scope: 'openid phone' });
    const { clientId } = created;
    const own = credentialsOf(created);
    const wrong = { ...own, client_secret: 'cs_cs_guessed' };
    const address = anAddress();
    const get = (path: string) => app.http.get(path).set('x-forwarded-for', address);
    await get(new URL(asked.url).pathname + new URL(asked.url).search);
    await postFrom(address, '/oidc/par', { ...wrong, response_type: 'code' });
    await postFrom(address, TOKEN, {
      ...own,
      grant_type: 'authorization_code',
      code: 'x',
      redirect_uri: CALLBACK,
    });
    await get('/oidc/userinfo').set('authorization', 'Bearer wrong');
    await postFrom(address, '/oidc/introspect', { ...wrong, token: 'x' });
    await postFrom(address, '/oidc/revoke', { ...wrong, token: 'x' });
    await postFrom(address, '/oidc/device/auth', own);
    await get(`/oidc/logout?client_id=${clientId}&post_logout_redirect_uri=https://evil.example`);

    const seen = linesOf().map(({ level, endpoint, code, detail }) => [level, endpoint, code, detail]);
    expect(seen).toEqual([
      ['info', 'authorization', 'invalid_scope', 'requested scope is not allowed'],
      ['info', 'pushed_authorization_request', 'invalid_client', 'invalid secret provided'],
      ['info', 'token', 'invalid_grant', 'authorization code not found'],
      ['info', 'userinfo', 'invalid_token', 'access token not found'],
      ['info', 'introspection', 'invalid_client', 'invalid secret provided'],
      ['info', 'revocation', 'invalid_client', 'invalid secret provided'],
      ['info', 'device_authorization', 'invalid_request', expect.stringContaining('not allowed') as string],
      ['info', 'end_session', 'invalid_request', 'post_logout_redirect_uri not registered'],
    ]);
    expect(new Set(linesOf().map((line) => line['clientId']))).toEqual(new Set([clientId, undefined]));
    const { text } = await app.gateway.get('/metrics');
    expect(text).toContain(
      'countersign_openid_refusals_total{endpoint="introspection",code="invalid_client"} 1',
    );
    const operator = await anOperator(app);
    const day = app.clock.now().toISOString().slice(0, 10);
    await until(async () => {
      const { items } = (await operator.get(`/v1/admin/counters?day=${day}`)).body as {
        items: readonly { name: string; code: string; applicationId: string | null; count: number }[];
      };
      return items.some(
        ({ name, code, applicationId, count }) =>
          name === 'call.refused' &&
          code === 'invalid_client' &&
          applicationId === demo.applicationId &&
          count === 3,
      );
    });
  });

  it('tell the developer of the client what to change, and nothing about what exists', async () => {
    const created = await createClient(app, demo);
    const own = credentialsOf(created);
    const { clientId: publicId } = await createClient(app, demo, { isPublic: true });
    const foreign = await createClient(app, demo);
    const party = await relyingParty(app, created);
    const asked = await authorizing(party);
    const returned = await acceptedBy(app, demo, aPerson(), await openPage(new Browser(app), asked.url));
    const code = returned.searchParams.get('code') ?? '';
    const redeem = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
    const refusalOf = async (path: string, form: object) => {
      const { status, body } = await postFrom(anAddress(), path, form);
      return [status, body] as readonly [number, Readonly<Record<string, string>>];
    };

    const [unknown, wrong, ofPublic, ofForeign, ofNobody, noVerifier, otherVerifier] = await Promise.all([
      refusalOf(TOKEN, { ...own, client_id: randomUUID() }),
      refusalOf(TOKEN, { ...own, client_secret: 'cs_cs_guessed' }),
      refusalOf(TOKEN, { client_id: publicId, client_secret: 'cs_cs_guessed' }),
      refusalOf(TOKEN, { ...credentialsOf(foreign), ...redeem }),
      refusalOf(TOKEN, { ...credentialsOf(foreign), ...redeem, code: 'x'.repeat(43) }),
      refusalOf(TOKEN, { ...own, ...redeem }),
      refusalOf(TOKEN, { ...own, ...redeem, code_verifier: 'x'.repeat(43) }),
    ]);
    expect(wrong).toEqual(unknown);
    expect(ofPublic).toEqual(unknown);
    expect(unknown).toEqual([
      401,
      {
        error: 'invalid_client',
        error_description: expect.stringContaining('HTTP Basic or in the body') as string,
      },
    ]);
    expect(ofForeign).toEqual(ofNobody);
    expect(ofNobody[1]['error_description']).toContain('belongs to another client');
    expect(noVerifier[1]['error_description']).toContain('Send the `code_verifier`');
    expect(otherVerifier[1]['error_description']).toContain('not the one of the authorization request');
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x'.repeat(43) };
    expect((await refusalOf(TOKEN, { ...own, ...refresh }))[1]['error_description']).toContain(
      'refresh token',
    );
    expect((await refusalOf(TOKEN, { ...own, grant_type: 'password' }))[1]['error_description']).toContain(
      '`refresh_token`',
    );
    const bearer = await app.http.get('/oidc/userinfo').set('authorization', 'Bearer wrong');
    expect(bearer.body).toMatchObject({
      error_description: expect.stringContaining('ten minutes') as string,
    });
    expect(bearer.headers['www-authenticate']).toContain('ten minutes');
  });

  it.each<[string, Readonly<Record<string, string>>, string, object?]>([
    ['a scope that it does not have', { scope: 'openid phone' }, 'the scope `phone`'],
    ['no openid scope', { scope: 'profile' }, 'Add `openid`'],
    ['the implicit flow', { response_type: 'token' }, '`response_type=code`'],
    ['a plain challenge', { code_challenge_method: 'plain' }, '`code_challenge_method=S256`'],
    ['an unknown prompt', { prompt: 'register' }, '`select_account`'],
    ['prompts beside none', { prompt: 'none login' }, 'none'],
    ['a request object', { request: 'x.y.z' }, 'Request objects are not supported'],
    ['an answer in a form', { response_mode: 'form_post', scope: 'openid phone' }, 'the scope `phone`'],
  ])('tell it in the answer at the redirect address: %s', async (_, more, words) => {
    const party = await relyingParty(app, await createClient(app, demo));
    const { url } = await authorizing(party, more);

    const { text, headers } = await new Browser(app).get(url);

    const said =
      more['response_mode'] === undefined
        ? (new URL(headers['location'] ?? '').searchParams.get('error_description') ??
          new URLSearchParams(new URL(headers['location'] ?? '').hash.slice(1)).get('error_description'))
        : /name="error_description" value="([^"]*)"/.exec(text)?.[1];
    expect(said).toContain(words);
    expect(said).toMatch(DESCRIPTION);
  });

  it('tell it on the page, where there is no address to go back to', async () => {
    const created = await createClient(app, demo, { isPublic: true });
    const party = await relyingParty(app, created);
    const pageWith = async (more: Readonly<Record<string, string>>) =>
      (await new Browser(app).get((await authorizing(party, more)).url)).text;

    expect(await pageWith({ redirect_uri: `${CALLBACK}/` })).toContain('exactly as it is registered');
    expect(await pageWith({ client_id: randomUUID() })).toContain('No client has this `client_id`');
  });

  it('log nothing that a client sent, and a limited number of lines for each address', async () => {
    const created = await createClient(app, demo);
    const secret = created.clientSecret ?? '';
    const address = anAddress();
    const claims = '{"userinfo":{"phone_number":{"value":"+4930987654"}';
    const before = app.logLines.length;
    const party = await relyingParty(app, created);
    const { url } = await authorizing(party, { claims });
    await new Browser(app).get(url);
    await postFrom(address, TOKEN, { client_id: secret, client_secret: 'x' });
    await app.http.post(TOKEN).auth(secret, 'x');
    await postFrom(address, TOKEN, {
      ...credentialsOf(created),
      grant_type: 'authorization_code\n{"level":"fatal"}',
    });
    await app.http.get('/oidc/userinfo').set({
      'x-forwarded-for': address,
      authorization: 'DPoP x',
      dpop: 'eyJhbGciOiJFUzI1NiIsImNyaXQiOlsic2VjcmV0LXdvcmQiXX0.e30.AA',
    });

    const lines = app.logLines.slice(before).join('');
    expect(lines).toContain('OpenID request refused');
    for (const sent of [secret, '+4930987654', '987654', 'fatal', 'secret-word'])
      expect(lines).not.toContain(sent);
    const flooding = anAddress();
    const from = linesOf().length;
    await Promise.all(times(60, () => postFrom(flooding, TOKEN, { client_id: 'x' })));
    expect(linesOf().length - from).toBe(30);
  });

  it('do not count what a device asks while its person is on the way', async () => {
    const created = await createClient(app, demo, { isPublic: true, redirectUrls: [] });
    const party = await relyingParty(app, created);
    const { device_code: code } = await client.initiateDeviceAuthorization(party, { scope: 'openid' });
    const poll = { client_id: created.clientId, grant_type: DEVICE, device_code: code };
    const [address, before] = [anAddress(), linesOf().length];

    const answers = await Promise.all(times(150, () => postFrom(address, TOKEN, poll)));

    expect(new Set(answers.map(({ body }) => (body as { error: string }).error))).toEqual(
      new Set(['authorization_pending']),
    );
    expect(linesOf()).toHaveLength(before);
  });
});

describe('limits of refusals of the OpenID provider', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, TRUSTED_PROXIES: '127.0.0.1' } });
  const demo = useApplication(app);

  const postFrom = (address: string, path: string, form: object) =>
    app.http.post(path).set('x-forwarded-for', address).type('form').send(form);
  const bearerFrom = (address: string, token: string) =>
    app.http.get('/oidc/userinfo').set({ 'x-forwarded-for': address, authorization: `Bearer ${token}` });
  const inTurn = async <T>(count: number, call: () => PromiseLike<T>): Promise<T[]> => {
    const answers: T[] = [];
    for (let each = 0; each < count; each += 1) answers.push(await call());
    return answers;
  };
  const statuses = (answers: readonly { status: number }[]) => countBy(answers, ({ status }) => status);

  it('stop junk from an address, while valid tokens, secrets and codes pass from there', async () => {
    const created = await createClient(app, demo);
    const own = { client_id: created.clientId, client_secret: created.clientSecret ?? '' };
    const party = await relyingParty(app, created);
    const { tokens } = await signedIn(app, demo, party, aPerson());
    const address = anAddress();

    const junk = await inTurn(122, () => bearerFrom(address, 'wrong'));

    expect(statuses(junk)).toEqual({ 401: 120, 429: 2 });
    expect(junk.at(-1)?.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(junk.at(-1)?.body).toMatchObject({ error: 'temporarily_unavailable' });
    const guessed = { ...own, client_secret: 'cs_cs_guessed' };
    for (const path of ['/oidc/par', '/oidc/introspect', '/oidc/revoke', TOKEN])
      expect([path, (await postFrom(address, path, guessed)).status]).toEqual([path, 429]);
    expect((await bearerFrom(address, tokens.access_token)).status).toBe(200);
    expect(
      (await postFrom(address, '/oidc/introspect', { ...own, token: tokens.access_token })).body,
    ).toMatchObject({
      active: true,
    });
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expect((await postFrom(address, TOKEN, { ...own, ...refresh })).status).toBe(200);
    // A client that has sent its secret has a limit of its own.
    expect((await postFrom(address, TOKEN, { ...own, ...refresh })).status).toBe(400);
    expect((await bearerFrom(anAddress(), 'wrong')).status).toBe(401);
  });

  it('count wrong codes of a client’s visitors for that client, and none of the others is locked out', async () => {
    const created = await createClient(app, demo);
    const own = { client_id: created.clientId, client_secret: created.clientSecret ?? '' };
    const party = await relyingParty(app, created);
    const address = anAddress();
    const asked = await authorizing(party);
    const returned = await acceptedBy(app, demo, aPerson(), await openPage(new Browser(app), asked.url));
    const redeem = (code: string, more: object = {}) =>
      postFrom(address, TOKEN, {
        ...{ ...own, grant_type: 'authorization_code', code, redirect_uri: CALLBACK },
        ...more,
      });
    const { limits, rules } = { limits: app.nest.get(RateLimits), rules: refusalRules };
    await inTurn(rules['openid-client'].limit - 2, () =>
      limits.consume(rules['openid-client'], ['client', created.clientId]),
    );

    expect(statuses(await inTurn(4, () => redeem('wrong')))).toEqual({ 400: 2, 429: 2 });

    const good = await redeem(returned.searchParams.get('code') ?? '', { code_verifier: asked.codeVerifier });
    expect([good.status, good.body]).toMatchObject([200, { token_type: 'Bearer' }]);
    const other = await createClient(app, demo);
    const ofOther = { client_id: other.clientId, client_secret: other.clientSecret ?? '' };
    expect((await redeem('wrong', ofOther)).status).toBe(400);
  });

  it('let a client with a secret push requests without an end, but none without', async () => {
    const created = await createClient(app, demo);
    const own = { client_id: created.clientId, client_secret: created.clientSecret ?? '' };
    const { clientId } = await createClient(app, demo, { isPublic: true });
    const address = anAddress();
    await inTurn(callRules.openid.limit, () =>
      app.nest.get(RateLimits).consume(callRules.openid, ['address', address]),
    );
    const wanted = {
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid',
      ...{ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' },
    };

    const [ofServer, ofAnyone] = [
      await postFrom(address, '/oidc/par', { ...own, ...wanted }),
      await postFrom(address, '/oidc/par', { client_id: clientId, ...wanted }),
    ];

    expect([ofServer.status, ofAnyone.status]).toEqual([201, 429]);
    expect(ofAnyone.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  });

  it('stop an address that guesses the codes of devices', async () => {
    const address = anAddress();
    const browser = new Browser(app);
    const { text } = await browser.get('/oidc/device');
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(text) ?? [];
    await inTurn(refusalRules.openid.limit, () =>
      app.nest.get(RateLimits).consume(refusalRules.openid, ['address', address]),
    );

    const guessed = await postFrom(address, '/oidc/device', { xsrf, user_code: 'BCDF-GHJK' }).set(
      'cookie',
      `__Host-countersign=${browser.cookie('__Host-countersign') ?? ''}`,
    );

    expect([guessed.status, guessed.headers['retry-after'] !== undefined]).toEqual([429, true]);
  });
});
