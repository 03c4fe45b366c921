import { randomBytes, randomUUID } from 'node:crypto';
import type request from 'supertest';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { FORM_TYPE, INTROSPECT, REVOKE } from '../support/oauth';
import { anOidcApplication, CALLBACK, START, startQuery, useOidc } from '../support/oidc';
import { aRapidpaceApplication, aRecord, queryOf, sign } from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import type { Demo, TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const ORIGIN = 'https://game.example';
const behindProxy = { TRUSTED_PROXIES: '127.0.0.1' };

const SIGN_IN_REFUSALS = 120;
const REDIRECTS = 60;

const INIT_DATA = '/v1/auth/telegram/init-data';
const JUNK = 'hash=0000&auth_date=1';

/** As the proxy in front of the service says where a call came from. */
const from = (address: string, call: request.Test) => call.set('x-forwarded-for', address);

const junkOf = (app: TestApp, { applicationId }: { applicationId: string }) =>
  app.postSignIn({ applicationId, initData: JUNK });

const statusesOf = (answers: readonly request.Response[]) => countBy(answers, ({ status }) => status);

/** One after another: a crowd may all be let in before the first of them is refused. */
async function inTurn(
  count: number,
  call: (index: number) => PromiseLike<request.Response>,
): Promise<request.Response[]> {
  const answers: request.Response[] = [];
  for (let index = 0; index < count; index++) answers.push(await call(index));
  return answers;
}

/** Like `junkOf` in turn, and without sockets: half the CPU time of thousands of calls. @returns their statuses */
async function flood(
  { nest }: TestApp,
  { applicationId }: Demo,
  addressOf: (index: number) => string,
  count = SIGN_IN_REFUSALS,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index++) {
    const headers = { 'x-forwarded-for': addressOf(index) };
    const payload = { applicationId, initData: JUNK };
    const { statusCode } = await nest.inject({ method: 'POST', url: INIT_DATA, headers, payload });
    statuses.push(statusCode);
  }
  return statuses;
}

const randomText = (bytes: number) => randomBytes(bytes).toString('base64url');

let networks = 0;

/** A /64 that nobody has called from. */
function aNetwork(): string {
  networks += 1;
  return `2001:db8:0:${networks.toString(16)}`;
}

/** An IPv4 address that nobody has called from; its neighbour is the next one. */
function anAddress(): string {
  networks += 2;
  return `203.0.113.${networks}`;
}

const { app, oidc } = useOidc(behindProxy);

describe('rate limits by address', () => {
  const demo = useApplication(app, { origins: [ORIGIN] });

  const signInFrom = async (address: string) =>
    from(
      address,
      app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) }),
    );

  it('refuse a /64 that sent too much junk before any statement, and let others go on', async () => {
    const [network, other] = [aNetwork(), aNetwork()];
    const hostOf = (index: number) => `${network}:${index.toString(16)}:a:b:c`;
    const junk = await flood(app, demo, hostOf);
    let refused: request.Response | undefined;
    const statements = await statementsOf(app, async () => {
      refused = await signInFrom(hostOf(4_000));
      // Known to nobody, so that it would be looked up.
      await from(hostOf(4_001), junkOf(app, { applicationId: randomUUID() }));
    });

    expect(junk).toEqual(Array(SIGN_IN_REFUSALS).fill(401));
    expectProblem(refused as request.Response, 429, 'request.rate_limited');
    expect(refused?.headers['retry-after']).toBe('60');
    expect(statements).toEqual([]);
    expect((await signInFrom(`${other}::1`)).status).toBe(200);
    app.clock.advance(60);
    expect((await signInFrom(hostOf(4_000))).status).toBe(200);
  });

  it('tell nobody whose address it is', async () => {
    const network = aNetwork();
    const linesBefore = app.logLines.length;
    await flood(app, demo, () => `${network}::1`);
    const { body, headers } = await signInFrom(`${network}::1`);

    for (const line of [...app.logLines.slice(linesBefore), JSON.stringify({ body, headers })])
      expect(line).not.toContain(network);
  });

  it('hold an IPv4 address, also in the spelling of IPv6, and not its neighbour', async () => {
    const address = anAddress();
    const neighbour = address.replace(/\d+$/, (last) => String(Number(last) + 1));
    await flood(app, demo, () => address);

    expect((await signInFrom(address)).status).toBe(429);
    expect((await signInFrom(`::ffff:${address}`)).status).toBe(429);
    expect((await signInFrom(neighbour)).status).toBe(200);
  });

  it('believe the nearest proxy, not what the client wrote before it', async () => {
    const [address, victim] = [anAddress(), anAddress()];
    await flood(app, demo, () => `${victim}, ${address}`);

    expect((await signInFrom(`198.51.100.1, ${address}`)).status).toBe(429);
    expect((await signInFrom(victim)).status).toBe(200);
  });

  it('hold sign-ins and refreshes apart', async () => {
    const address = anAddress();
    const { refreshToken } = await app.signIn(demo);
    await flood(app, demo, () => address);

    expect((await from(address, app.refresh(refreshToken))).status).toBe(200);
    const junk = await inTurn(305, () => from(address, app.refresh('cs_rt_junk')));
    expect(statusesOf(junk)).toEqual({ 401: 300, 429: 5 });
  });

  it.each<[string, number, (index: number) => request.Test]>([
    ['init data for applications that do not exist', 404, () => junkOf(app, { applicationId: randomUUID() })],
    [
      'guesses of one-time codes',
      401,
      () =>
        app.http
          .post('/v1/auth/exchange')
          .send({ applicationId: demo.applicationId, code: `cs_rc_${randomText(32)}` }),
    ],
    [
      'guesses of where a login with Telegram stands',
      410,
      () => app.http.get(CALLBACK).query({ code: 'junk', state: randomText(32) }),
    ],
  ])('send no statement for %s once there were too many', async (_name, status, send) => {
    const network = aNetwork();
    const junk = await inTurn(SIGN_IN_REFUSALS, (index) => from(`${network}::${index}`, send(index)));
    let answers: readonly request.Response[] = [];
    const statements = await statementsOf(app, async () => {
      answers = await Promise.all(times(20, (index) => from(`${network}:1::${index}`, send(index))));
    });

    expect([statusesOf(junk), statusesOf(answers)]).toEqual([{ [status]: SIGN_IN_REFUSALS }, { 429: 20 }]);
    expect(statements).toEqual([]);
  });

  it('leave alone whoever has a session', async () => {
    const address = anAddress();
    const { accessToken } = await app.signIn(demo);
    await flood(app, demo, () => address);

    expect((await from(address, app.getMe(accessToken))).status).toBe(200);
  });
});

describe('a flood of junk', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { perRequestInitData: { accept: true } } });
  const casino = useFixture(() => aRapidpaceApplication(app));

  const unknown = randomUUID();
  const forged = () => app.initDataOf({ ...demo, botToken: `${demo.botId}:${randomText(26)}` });
  const post = (path: string, body: object) => app.http.post(path).send(body);

  it.each<[string, number, (index: number) => request.Test]>([
    ['init data', 401, () => app.postSignIn({ applicationId: demo.applicationId, initData: forged() })],
    [
      'init data for an application that does not exist',
      404,
      () => app.postSignIn({ applicationId: unknown, initData: forged() }),
    ],
    [
      'Login Widget data',
      401,
      () =>
        post('/v1/auth/telegram/login-widget', {
          applicationId: demo.applicationId,
          data: { id: 279058397, first_name: 'Ada', auth_date: 1, hash: randomText(24) },
        }),
    ],
    [
      'init data per request',
      401,
      () =>
        app.http
          .get('/v1/me')
          .set({ authorization: `tma ${forged()}`, 'x-countersign-application': demo.applicationId }),
    ],
    ['access tokens', 401, () => app.getMe(`cs_at_k1_${randomText(56)}`)],
    ['access tokens at the gateway', 401, () => app.check(`cs_at_k1_${randomText(56)}`)],
    ['applications that do not exist', 404, () => junkOf(app, { applicationId: randomUUID() })],
    [
      'Rapidpace links',
      401,
      () =>
        app.http.get(
          `/v1/rapidpace/${casino.applicationId}/redirect?${queryOf(aRecord(app), randomText(24))}`,
        ),
    ],
    [
      'Rapidpace registrations',
      401,
      () => {
        const record = aRecord(app);
        return post(`/v1/rapidpace/${casino.applicationId}/players`, record).set(
          'x-urm-hmac',
          sign(record, randomText(24)),
        );
      },
    ],
    [
      'client secrets',
      401,
      () =>
        app.http
          .post(INTROSPECT)
          .set('content-type', FORM_TYPE)
          .auth(demo.applicationId, randomText(32))
          .send('token=junk'),
    ],
    [
      'tokens to revoke',
      200,
      () =>
        app.http
          .post(REVOKE)
          .set('content-type', FORM_TYPE)
          .send(`token=${randomText(40)}`),
    ],
  ])('of %s costs no statement', async (_name, status, send) => {
    await send(-1);
    let answers: readonly request.Response[] = [];
    const statements = await statementsOf(app, async () => {
      answers = await Promise.all(times(12, send));
    });

    expect(statusesOf(answers)).toEqual({ [status]: 12 });
    expect(statements).toEqual([]);
  });
});

describe('the start of a login with Telegram', () => {
  const demo = useFixture(() => anOidcApplication(app, oidc));

  const startFrom = async (address: string, query: object = {}) =>
    from(address, app.http.get(START).query({ ...startQuery(demo), ...query })).set(
      'host',
      `127.0.0.1:${app.port}`,
    );

  it('is limited by address, and keeps nothing when it is', async () => {
    const network = aNetwork();
    const hostOf = (index: number) => `${network}::${index.toString(16)}`;
    const answers = await inTurn(REDIRECTS, (index) => startFrom(hostOf(index)));
    const before = await inventoryOf(app);
    let limited: request.Response | undefined;
    const statements = await statementsOf(app, async () => {
      limited = await startFrom(hostOf(999));
    });

    expect(statusesOf(answers)).toEqual({ 302: REDIRECTS });
    expectProblem(limited as request.Response, 429, 'request.rate_limited');
    expect(limited?.headers).toMatchObject({ 'retry-after': '60' });
    expect(limited?.headers).not.toHaveProperty('set-cookie');
    expect(statements).toEqual([]);
    expect(await inventoryOf(app)).toEqual(before);
    expect((await startFrom(`${aNetwork()}::1`)).status).toBe(302);
    app.clock.advance(60);
    expect((await startFrom(hostOf(0))).status).toBe(302);
  });

  it('counts calls that are refused too, and lets no crowd overshoot', async () => {
    const address = anAddress();
    await inTurn(10, () => startFrom(address, { redirectUri: 'https://evil.example/' }));
    const answers = await Promise.all(times(REDIRECTS, () => startFrom(address)));

    expect(statusesOf(answers)).toEqual({ 302: REDIRECTS - 10, 429: 10 });
  });
});
