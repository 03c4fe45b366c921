import { randomBytes } from 'node:crypto';
import type { FakeOidcEndpoint, FakeOidcFault } from '@countersign/fake-telegram';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import {
  aCaller,
  anOidcApplication,
  Browser,
  exchange,
  landingOf,
  locationOf,
  outcomeOf,
  signInByOidc,
  visitTelegram,
  useOidc,
} from '../support/oidc';
import { useFixture } from '../support/use-fixture';

const DAY = 86_400;
const ENDPOINTS: readonly FakeOidcEndpoint[] = ['discovery', 'jwks', 'token'];

const { app, oidc } = useOidc();
const demo = useFixture(() => anOidcApplication(app, oidc));

beforeEach(() => {
  oidc.nextPerson = aCaller();
  // Nothing that is kept of the issuer lives for two days.
  app.clock.advance(2 * DAY);
});

afterEach(() => ENDPOINTS.forEach((endpoint) => oidc.breakEndpoint(endpoint, null)));

/** What a sign-in ends with, at whichever of its steps. */
async function outcome(): Promise<object> {
  const browser = new Browser(app);
  const start = await browser.start(demo);
  const location = locationOf(start);
  if (location.origin !== oidc.issuer) return outcomeOf(landingOf(start));
  return outcomeOf(landingOf(await browser.open(await visitTelegram(location))));
}

const unavailable = (code = 'oidc.provider_unavailable') => ({
  error: 'temporarily_unavailable',
  error_description: code,
  state: 'client state',
});

describe('the keys of the issuer', () => {
  it('are fetched again when they were exchanged', async () => {
    await signInByOidc(app, demo);
    const { jwks } = oidc.requests;
    oidc.rotateKeys();
    app.clock.advance(30);

    await Promise.all([signInByOidc(app, demo), signInByOidc(app, demo)]);

    expect(oidc.requests.jwks).toBe(jwks + 1);
    await signInByOidc(app, demo);
    expect(oidc.requests.jwks).toBe(jwks + 1);
  });

  it('are fetched at a bounded rate, however many unknown ones are named', async () => {
    await signInByOidc(app, demo);
    const { jwks } = oidc.requests;
    const unknown = () => {
      const header = { alg: 'ES256', kid: randomBytes(8).toString('hex') };
      return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.${'A'.repeat(86)}`;
    };
    for (let second = 0; second < 60; second += 2) {
      const body = JSON.stringify({ id_token: unknown() });
      oidc.breakEndpoint('token', { kind: 'answer', status: 200, body });
      expect(await outcome()).toMatchObject({ error_description: 'oidc.unknown_key' });
      app.clock.advance(2);
    }
    expect(oidc.requests.jwks).toBe(jwks + 1);

    oidc.breakEndpoint('token', null);
    expect(await outcome()).toHaveProperty('code');
  });
});

describe('an issuer that is not well', () => {
  const faults: Record<string, FakeOidcFault> = {
    hangs: { kind: 'hang' },
    'answers 500': { kind: 'answer', status: 500 },
    'answers 429': { kind: 'answer', status: 429 },
    'answers more than anybody wants to read': { kind: 'oversize', bytes: 10_000_000 },
  };
  const cases = ENDPOINTS.flatMap((endpoint) =>
    Object.entries(faults).map(([name, fault]) => [endpoint, name, fault] as const),
  );

  it.each(cases)('is told to the page, and none of our failures: %s %s', async (endpoint, _, fault) => {
    oidc.breakEndpoint(endpoint, fault);
    const before = await inventoryOf(app);
    const started = performance.now();

    expect(await outcome()).toEqual(unavailable());

    // A hang guard: the limit is four seconds.
    expect(performance.now() - started).toBeLessThan(15_000);
    const { oidc_transactions, ...rest } = (await inventoryOf(app)) as Record<string, number>;
    expect(before).toMatchObject(rest);
    oidc.breakEndpoint(endpoint, null);
    expect(await outcome()).toHaveProperty('code');
  });

  const documentWith = (changes: object) => ({
    issuer: oidc.issuer,
    authorization_endpoint: `${oidc.issuer}/auth`,
    token_endpoint: `${oidc.issuer}/token`,
    jwks_uri: `${oidc.issuer}/.well-known/jwks.json`,
    ...changes,
  });

  it.each<[string, FakeOidcEndpoint, () => unknown]>([
    ['is another', 'discovery', () => documentWith({ issuer: 'https://evil.example' })],
    ['is another by a slash', 'discovery', () => documentWith({ issuer: `${oidc.issuer}/` })],
    [
      'sends the secret elsewhere',
      'discovery',
      () => documentWith({ token_endpoint: 'https://evil.example/token' }),
    ],
    ['has no name', 'discovery', () => documentWith({ issuer: undefined })],
    ['has no document but a list', 'discovery', () => []],
    ['has no keys', 'jwks', () => ({ keys: [] })],
    ['has keys of no use', 'jwks', () => ({ keys: [{ kty: 'oct', k: 'AA', kid: 'oidc-1' }] })],
  ])('is not believed when it %s', async (_, endpoint, body) => {
    oidc.breakEndpoint(endpoint, { kind: 'answer', status: 200, body: JSON.stringify(body()) });

    expect(await outcome()).toEqual(unavailable('oidc.answer_malformed'));
  });

  it('is not believed when its document says who it is twice', async () => {
    const body = JSON.stringify(documentWith({})).replace('{', '{"issuer":"https://evil.example",');
    oidc.breakEndpoint('discovery', { kind: 'answer', status: 200, body });

    expect(await outcome()).toEqual(unavailable('oidc.answer_malformed'));
  });

  it('does not lose a sign-in that is tried again', async () => {
    await oidc.stop();
    expect(await outcome()).toEqual(unavailable());
    await oidc.start();

    const landing = await new Browser(app).logIn(demo);
    expect((await exchange(app, demo, landing)).status).toBe(200);
  });
});

describe('a database that is away', () => {
  it('is told to the browser, and a sign-in that came back may come back again', async () => {
    const browser = new Browser(app);
    const callback = await browser.reachCallback(demo);
    await app.database.query('ALTER TABLE one_time_tokens RENAME TO hidden');

    expectProblem(await browser.open(callback), 503, 'service.unavailable');
    expectProblem(await browser.start(demo), 503, 'service.unavailable');

    await app.database.query('ALTER TABLE hidden RENAME TO one_time_tokens');
    expect(outcomeOf(landingOf(await browser.open(callback)))).toHaveProperty('code');
  });

  it('is told to the page once the sign-in has come back', async () => {
    const browser = new Browser(app);
    const callback = await browser.reachCallback(demo);
    await app.database.query(`
      CREATE FUNCTION lack_table() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'no table' USING ERRCODE = '42P01'; END $$;
      CREATE TRIGGER trg_lack_table BEFORE INSERT ON one_time_tokens FOR EACH ROW EXECUTE FUNCTION lack_table()`);

    const answer = await browser.open(callback);

    await app.database.query('DROP FUNCTION lack_table CASCADE');
    expect(outcomeOf(landingOf(answer))).toEqual(unavailable('service.unavailable'));
    expectProblem(await browser.open(callback), 410, 'oidc.state_invalid');
  });
});
