import { CompanyProvider } from '../support/company-provider';
import { CONSOLE_URL, cookieOf, FROM_PAGE, sessionOf, type ConsoleSession } from '../support/console';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const START = '/v1/admin/console/sign-in';
const SIGN_IN_COOKIE = '__Host-console-sign-in';
const users = '/v1/admin/users';

describe('sign-in to the console at the provider of the company', () => {
  const provider = useFixture(() => CompanyProvider.start(), { close: (started) => started.stop() });
  const app = useTestApp(() => ({ environment: { CONSOLE_URL, ...provider.environment } }));
  let count = 0;

  beforeEach(() => {
    count += 1;
    provider.faults = {};
    provider.signedInAt = null;
    provider.next = null;
    be(`sub-${count}`, ['users:read', 'cook']);
  });

  const be = (sub: string, roles: unknown, claims: object = {}): void => {
    provider.person = { sub, preferred_username: sub, realm_access: { roles }, ...claims };
  };

  /** Opens the address of a sign-in at the provider. @returns the path and query of the callback */
  const atProvider = async (url: string): Promise<string> => {
    const answer = await fetch(url, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(back.origin).toBe(CONSOLE_URL);
    return back.pathname + back.search;
  };
  /** Goes to the provider and back, as a browser does. @returns the path and query of the callback, and the cookie */
  const goThere = async () => {
    const started = await app.admin.get(START);
    const path = await atProvider(started.headers['location'] ?? '');
    return { path, cookie: cookieOf(started, SIGN_IN_COOKIE) };
  };
  const comeBack = ({ path, cookie }: { readonly path: string; readonly cookie: string }) =>
    app.admin.get(path).set({ cookie, 'sec-fetch-site': 'cross-site' });
  /** @returns the lines about sign-ins that were given up meanwhile */
  const logged = async <T>(work: () => Promise<T>): Promise<readonly [T, readonly string[]]> => {
    const before = app.logLines.length;
    const result = await work();
    return [result, app.logLines.slice(before).filter((line) => line.includes('was given up'))];
  };
  const signIn = async () => comeBack(await goThere());
  const session = async (): Promise<ConsoleSession> => sessionOf(app, cookieOf(await signIn()));
  const principalOf = async (principalId: string, operator: Operator) =>
    (await operator.get(`/v1/admin/principals/${principalId}`)).body as Readonly<Record<string, unknown>>;

  it('begins in a cookie that survives the way back, and ends in a session', async () => {
    const started = await app.admin.get(START);
    expect(started.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-console-sign-in=cs_cn_[\w-]+; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect(started.status).toBe(303);
    expect(new URL(started.headers['location'] ?? '').searchParams.get('max_age')).toBe('1800');

    const ended = await signIn();
    expect(ended.status).toBe(303);
    expect(ended.headers['location']).toBe('/console');
    expect(ended.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-console=cs_ct_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^__Host-console-sign-in=; Max-Age=0;/),
      expect.stringMatching(/^__Host-console-signed-out=; Max-Age=0;/),
    ]);
    expect((await (await sessionOf(app, cookieOf(ended))).get(users)).status).toBe(200);
  });

  describe('after a sign-out in this browser', () => {
    const SIGNED_OUT = '__Host-console-signed-out';
    const start = (cookie: string) => app.admin.get(START).set({ cookie });
    /** A minute after the sign-out, while the person still has a session at the provider. */
    const signedOut = async (): Promise<string> => {
      provider.signedInAt = Date.now() / 1_000 - 120;
      const cookie = cookieOf(await (await session()).delete('/v1/admin/console/session'), SIGNED_OUT);
      app.clock.advance(60);
      return cookie;
    };

    it('the provider asks for a sign-in', async () => {
      const cookie = await signedOut();
      provider.next = { sub: `next-${count}`, realm_access: { roles: ['jobs:read'] } };
      const started = await start(cookie);
      const url = new URL(started.headers['location'] ?? '');
      expect(url.searchParams.get('prompt')).toBe('login');

      const path = await atProvider(url.href);
      const ended = await comeBack({ path, cookie: `${cookie}; ${cookieOf(started, SIGN_IN_COOKIE)}` });
      expect((await sessionOf(app, cookieOf(ended))).scopes).toEqual(['jobs:read']);
      expect(cookieOf(ended, SIGNED_OUT)).toBe(`${SIGNED_OUT}=`);
      const again = await app.admin.get(START);
      expect(new URL(again.headers['location'] ?? '').searchParams.has('prompt')).toBe(false);
    });

    it('a session at the provider opens none, also without `prompt`', async () => {
      const cookie = await signedOut();
      const started = await start(cookie);
      const url = new URL(started.headers['location'] ?? '');
      url.searchParams.delete('prompt');
      const path = await atProvider(url.href);

      const ended = await comeBack({ path, cookie: `${cookie}; ${cookieOf(started, SIGN_IN_COOKIE)}` });
      expect(ended.headers['location']).toBe('/console?refused=console.sign_in_not_repeated');
      expect(() => cookieOf(ended)).toThrow();
    });

    it('a provider that rejects `prompt=login` is named, until the age of a sign-in there protects alone', async () => {
      const ended = await (await session()).delete('/v1/admin/console/session');
      // The 30 seconds are the tolerance of the check of `auth_time`.
      expect(ended.headers['set-cookie']).toContainEqual(
        expect.stringMatching(/^__Host-console-signed-out=\d+; Max-Age=1830; /),
      );
      const cookie = cookieOf(ended, SIGNED_OUT);
      const started = await start(cookie);
      provider.faults = { error: 'invalid_request' };
      const path = await atProvider(started.headers['location'] ?? '');
      const back = { path, cookie: `${cookie}; ${cookieOf(started, SIGN_IN_COOKIE)}` };
      const [answer, lines] = await logged(() => comeBack(back));
      expect(answer.headers['location']).toBe('/console?refused=console.sign_in_not_repeated');
      expect(lines).toEqual([expect.stringContaining('"reason":"invalid_request"')]);

      // Without a sign-out it is an error of the client.
      expect((await signIn()).headers['location']).toBe('/console?refused=console.provider_failed');
    });
  });

  it('gives the scopes that the claim names, again at each sign-in, to the same principal', async () => {
    const first = await session();
    expect(first.scopes).toEqual(['users:read']);

    be(`sub-${count}`, { 'users:read': {}, 'users:write': {} });
    const second = await session();
    expect(second).toMatchObject({ principalId: first.principalId, scopes: ['users:read', 'users:write'] });

    be(`sub-${count}`, 'users:write');
    await session();
    // Also for sessions that run.
    expectProblem(await second.get(users), 403, 'principal.scope_missing');
  });

  it('without a scope is no access, makes no principal, and ends the sessions that run', async () => {
    be(`sub-${count}`, ['cook']);
    const refused = await signIn();
    expect(refused.headers['location']).toBe('/console?refused=console.no_access');
    expect(() => cookieOf(refused)).toThrow();
    expect(await app.database.query('SELECT 1 FROM principals WHERE name = $1', [`sub-${count}`])).toEqual(
      [],
    );

    be(`sub-${count}`, ['users:read']);
    const running = await session();
    be(`sub-${count}`, undefined);
    expect((await signIn()).headers['location']).toBe('/console?refused=console.no_access');
    expectProblem(await running.get(users), 401, 'principal.unauthenticated');
  });

  it('is refused to a principal that an operator disabled here', async () => {
    const { principalId } = await session();
    const administrator = await anOperator(app);
    await administrator.patch(`/v1/admin/principals/${principalId}`, { status: 'disabled' }).expect(200);

    expect((await signIn()).headers['location']).toBe('/console?refused=console.no_access');
    expect(await principalOf(principalId, administrator)).toMatchObject({ status: 'disabled' });
  });

  it('gives nobody the name of a colleague, and no name that is markup', async () => {
    const administrator = await anOperator(app);
    const name = `ada.${count}@example.com`;
    be(`one-${count}`, ['users:read'], { preferred_username: name });
    const one = await session();
    be(`two-${count}`, ['users:read'], { preferred_username: name });
    const two = await session();
    be(`three-${count}`, ['users:read'], { preferred_username: '<img src=x onerror=alert(1)>' });
    const three = await session();

    expect(two.principalId).not.toBe(one.principalId);
    expect(await principalOf(one.principalId, administrator)).toMatchObject({ name });
    expect(await principalOf(two.principalId, administrator)).toMatchObject({
      name: expect.stringMatching(`^${name} [0-9a-f]{8}$`) as string,
    });
    expect(await principalOf(three.principalId, administrator)).toMatchObject({
      name: 'img src-x onerror-alert-1',
    });
  });

  it('is the only way in: its principals take no secrets and scopes, and are not removed', async () => {
    be(`sub-${count}`, ['principals:write', 'principals:read', 'users:read']);
    const own = await session();
    const administrator = await anOperator(app);
    const path = `/v1/admin/principals/${own.principalId}`;
    const secret = { name: 'lasting' };

    expectProblem(await own.post(`${path}/secrets`, secret), 409, 'principal.of_provider');
    expectProblem(await administrator.post(`${path}/secrets`, secret), 409, 'principal.of_provider');
    expectProblem(await administrator.patch(path, { scopes: [] }), 409, 'principal.of_provider');
    expectProblem(await administrator.delete(path), 409, 'principal.of_provider');
  });

  describe('does not end in a session', () => {
    it('in another browser', async () => {
      const [one, two] = [await goThere(), await goThere()];

      for (const cookie of [
        two.cookie,
        '',
        `${SIGN_IN_COOKIE}=cs_cn_made-up`,
        `${one.cookie}; ${two.cookie}`,
      ])
        expect((await comeBack({ path: one.path, cookie })).headers['location']).toMatch(
          /\?refused=console\./,
        );
    });

    it('a second time', async () => {
      const there = await goThere();
      expect((await comeBack(there)).headers['location']).toBe('/console');
      expect((await comeBack(there)).headers['location']).toBe('/console?refused=console.sign_in_failed');
    });

    it.each<[string, CompanyProvider['faults']]>([
      ['for a token that another key signed', { signsWithOtherKey: true }],
      ['for a token of another sign-in', { claims: { nonce: 'another' } }],
      ['for a token of another client', { claims: { aud: 'another' } }],
      ['for a token of another issuer', { claims: { iss: 'https://evil.example' } }],
      ['for a token that has expired', { claims: { exp: 1 } }],
      ['for a token from the future', { claims: { iat: Math.floor(Date.now() / 1_000) + 600 } }],
      ['for a sign-in in the future', { claims: { auth_time: Math.floor(Date.now() / 1_000) + 600 } }],
      ['for a token without a subject', { claims: { sub: undefined } }],
      ['for a token that does not say when its person signed in', { claims: { auth_time: undefined } }],
      ['for an answer of another issuer', { issuer: 'https://evil.example' }],
      ['for an answer that is no JSON', { answer: { status: 200, body: '<secret-of-body>' } }],
      ['for an answer that fails', { answer: { status: 500, body: '{}' } }],
      ['for a client that is refused', { answer: { status: 401, body: '{"error":"invalid_client"}' } }],
      ['while the provider is away', { error: 'temporarily_unavailable' }],
    ])('%s, with the cause in the log', async (_, faults) => {
      provider.faults = faults;
      be(`sub-${count}`, ['users:read'], { email: 'secret-of-person@example.com' });
      const [answer, lines] = await logged(signIn);

      expect(answer.headers['location']).toBe('/console?refused=console.provider_failed');
      expect(lines).toEqual([expect.stringMatching(/"code":"console.provider_failed","reason":"[^"]+/)]);
      expect(lines.join('')).not.toMatch(/secret-of|cs_cn_|eyJ|sub-\d/);
    });

    it('for a sign-in at the provider that is older than it may be', async () => {
      provider.signedInAt = Date.now() / 1_000 - 1_832;
      const [answer, lines] = await logged(signIn);

      expect(answer.headers['location']).toBe('/console?refused=console.sign_in_not_repeated');
      expect(lines).toEqual([expect.stringMatching(/"reason":"too much time has elapsed[^"]*"/)]);
    });

    it('with a code that has expired', async () => {
      provider.faults = { answer: { status: 400, body: '{"error":"invalid_grant"}' } };
      const [answer, lines] = await logged(signIn);

      expect(answer.headers['location']).toBe('/console?refused=console.sign_in_failed');
      expect(lines).toEqual([
        expect.stringContaining('"code":"console.sign_in_failed","reason":"invalid_grant"'),
      ]);
    });

    it('when the person declines, or the query is made up', async () => {
      provider.faults = { error: 'access_denied' };
      expect((await signIn()).headers['location']).toBe('/console?refused=console.sign_in_failed');
      provider.faults = {};
      const { cookie } = await goThere();
      for (const query of ['', '?code=x', '?state=x&code=x', '?code=a&code=b'])
        expect(
          (await comeBack({ path: `/v1/admin/console/callback${query}`, cookie })).headers['location'],
        ).toBe('/console?refused=console.sign_in_failed');
    });

    it('nor ends the one that runs, wherever the browser was sent from', async () => {
      const running = await session();
      for (const query of ['', '?code=x', '?error=access_denied&state=x']) {
        const path = `/v1/admin/console/callback${query}`;
        const answer = await comeBack({ path, cookie: running.cookie });
        expect(answer.headers['set-cookie']).toEqual([
          expect.stringMatching(/^__Host-console-sign-in=; Max-Age=0;/),
        ]);
      }
      expect((await running.get(users)).status).toBe(200);
    });
  });

  it('says whether there is a provider', async () => {
    const { body } = await app.admin.get('/v1/admin/console').set(FROM_PAGE);

    expect(body).toEqual({ hasProvider: true, session: null });
  });
});
