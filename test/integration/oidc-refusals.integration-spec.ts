import { randomBytes } from 'node:crypto';
import type { BotKey } from '@countersign/applications';
import type { FakeOidcClaims } from '@countersign/fake-telegram';
import { countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import {
  aCaller,
  anOidcApplication,
  Browser,
  CALLBACK,
  cookiesOf,
  exchange,
  landingOf,
  outcomeOf,
  useOidc,
} from '../support/oidc';
import type { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
const PLACE = { provider: 'telegram', environment: 'production' } as const;

const { app, oidc } = useOidc();
const demo = useFixture(() => anOidcApplication(app, oidc));

beforeEach(() => {
  oidc.nextPerson = aCaller();
  oidc.claims = {};
  oidc.breakEndpoint('token', null);
});

function failedWith(error: string, code: string): object {
  return { error, error_description: code, state: 'client state' };
}

/** What a sign-in ends with, which must not be a code, and must leave nothing behind. */
async function refusal(): Promise<object> {
  const before = await inventoryOf(app);
  const browser = new Browser(app);
  const answer = await browser.open(await browser.reachCallback(demo));
  expect(await inventoryOf(app)).toEqual(before);
  expect(browser.cookies.size).toBe(0);
  return outcomeOf(landingOf(answer));
}

describe('the way back', () => {
  it('is for the browser that began, and a wrong one uses nothing up', async () => {
    const [victim, attacker] = [new Browser(app), new Browser(app)];
    const callback = await victim.reachCallback(demo);
    await attacker.reachCallback(demo);
    const [cookieName = ''] = victim.cookies.keys();
    const [foreignSecret = ''] = attacker.cookies.values();
    const tokenRequests = oidc.requests.token;

    expectProblem(await new Browser(app).open(callback), 403, 'oidc.browser_mismatch');
    expectProblem(await attacker.open(callback), 403, 'oidc.browser_mismatch');
    attacker.cookies.set(cookieName, foreignSecret);
    const answer = await attacker.open(callback);
    expectProblem(answer, 403, 'oidc.browser_mismatch');
    attacker.cookies.set(cookieName, '');
    expectProblem(await attacker.open(callback), 403, 'oidc.browser_mismatch');

    expect(answer.headers).not.toHaveProperty('location');
    expect(cookiesOf(answer)).toEqual([]);
    expect(oidc.requests.token).toBe(tokenRequests);
    expect((await exchange(app, demo, landingOf(await victim.open(callback)))).status).toBe(200);
  });

  it('is gone once', async () => {
    const browser = new Browser(app);
    const callback = await browser.reachCallback(demo);
    const cookies = [...browser.cookies];
    landingOf(await browser.open(callback));
    for (const [name, value] of cookies) browser.cookies.set(name, value);

    const again = await browser.open(callback);

    expectProblem(again, 410, 'oidc.state_invalid');
    expect(again.headers).not.toHaveProperty('location');
  });

  it('leads to one code, however parallel the calls', async () => {
    const callsTo = async (apps: readonly TestApp[]) => {
      const browser = new Browser(app);
      const callback = await browser.reachCallback(demo);
      return Promise.all(apps.map((one) => browser.open(callback, one)));
    };
    await app.withReplica(async (replica) => {
      const answers = await callsTo(times(8, (index) => (index % 2 === 0 ? app : replica)));

      expect(countBy(answers, ({ status }) => status)).toEqual({ 302: 1, 410: 7 });
    });
  });

  it('is not for HEAD, as previews ask, and is open for the browser afterwards', async () => {
    const browser = new Browser(app);
    const callback = await browser.reachCallback(demo);
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const before = await inventoryOf(app);
    const tokenRequests = oidc.requests.token;

    const head = await app.http.head(callback).set({ host: `127.0.0.1:${app.port}`, cookie });

    expect([head.status, head.headers['allow']]).toEqual([405, 'GET, OPTIONS']);
    expect(head.headers).not.toHaveProperty('location');
    expect(cookiesOf(head)).toEqual([]);
    expect(oidc.requests.token).toBe(tokenRequests);
    expect(await inventoryOf(app)).toEqual(before);
    expect((await exchange(app, demo, landingOf(await browser.open(callback)))).status).toBe(200);
  });

  it('is no longer open after ten minutes', async () => {
    const [early, late] = [new Browser(app), new Browser(app)];
    const callbacks = [await early.reachCallback(demo), await late.reachCallback(demo)] as const;

    app.clock.advance(299);
    expect(outcomeOf(landingOf(await early.open(callbacks[0])))).toHaveProperty('code');
    app.clock.advance(301);
    expectProblem(await late.open(callbacks[1]), 410, 'oidc.state_invalid');
  });

  it.each([
    ['no state', 'code=a'],
    ['a state of somebody else', `code=a&state=${randomBytes(32).toString('base64url')}`],
    ['a state with a NUL', 'code=a&state=%00'],
    ['two states', 'code=a&state=a&state=b'],
  ])('refuses %s', async (_, query) => {
    const before = await inventoryOf(app);

    expectProblem(await new Browser(app).open(`${CALLBACK}?${query}`), 410, 'oidc.state_invalid');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is an end, too, where the browser brings no code that could be one', async () => {
    for (const code of ['', 'code=a&code=b', 'code=%0a']) {
      const browser = new Browser(app);
      const query = new URLSearchParams((await browser.reachCallback(demo)).split('?')[1]);
      const answer = await browser.open(`${CALLBACK}?${code}&state=${query.get('state') ?? ''}`);

      expect(outcomeOf(landingOf(answer))).toEqual(
        failedWith('temporarily_unavailable', 'oidc.answer_malformed'),
      );
      expectProblem(await browser.open(`${CALLBACK}?${query.toString()}`), 410, 'oidc.state_invalid');
    }
  });

  it('leaves parameters alone that it does not know, and refuses another issuer', async () => {
    const browser = new Browser(app);
    const [known, foreign] = [await browser.reachCallback(demo), await browser.reachCallback(demo)];
    const issuer = encodeURIComponent(oidc.issuer);

    expect(outcomeOf(landingOf(await browser.open(`${known}&new=1&iss=${issuer}`)))).toHaveProperty('code');
    expect(outcomeOf(landingOf(await browser.open(`${foreign}&iss=https%3A%2F%2Fevil.example`)))).toEqual(
      failedWith('server_error', 'oidc.issuer_mismatch'),
    );
  });

  it('is told when the person declines', async () => {
    oidc.nextPerson = null;

    expect(await refusal()).toEqual(failedWith('access_denied', 'oidc.login_declined'));
  });

  it.each([
    ['invalid_scope', 'server_error', 'oidc.authorization_refused', 0],
    ['<script>', 'server_error', 'oidc.authorization_refused', 0],
    ['temporarily_unavailable', 'temporarily_unavailable', 'oidc.provider_unavailable', 1],
  ])('is told when Telegram says %s', async (error, word, code, warnings) => {
    const browser = new Browser(app);
    const linesBefore = app.logLines.length;
    const query = new URLSearchParams((await browser.reachCallback(demo)).split('?')[1]);
    query.delete('code');
    query.set('error', error);
    query.set('error_description', 'something that nobody repeats');

    expect(outcomeOf(landingOf(await browser.open(`${CALLBACK}?${query.toString()}`)))).toEqual(
      failedWith(word, code),
    );
    // Only an outage of Telegram is logged.
    const lines = app.logLines.slice(linesBefore);
    expect(lines.filter((line) => line.includes('a login with Telegram was given up'))).toHaveLength(
      warnings,
    );
  });

  it('does not take Telegram’s code of another sign-in', async () => {
    const [one, other] = [new Browser(app), new Browser(app)];
    const codeOf = (callback: string) => new URLSearchParams(callback.split('?')[1]).get('code') ?? '';
    const [mine, theirs] = [await one.reachCallback(demo), await other.reachCallback(demo)];

    const answer = await one.open(mine.replace(codeOf(mine), codeOf(theirs)));

    expect(outcomeOf(landingOf(answer))).toEqual(failedWith('server_error', 'oidc.code_refused'));
  });

  it('says that the secret is wrong', async () => {
    const own = await anOidcApplication(app, oidc);
    await app.bots.change({ ...PLACE, botId: own.botId }, { oidcClientSecret: 'no-longer-right' });
    const browser = new Browser(app);

    expect(outcomeOf(await browser.logIn(own))).toEqual(failedWith('server_error', 'oidc.client_refused'));
  });
});

describe('the exchange', () => {
  it.each([
    ['another code verifier', 'a'.repeat(43)],
    ['none', undefined],
  ])('refuses %s, and costs nobody their code', async (_, codeVerifier) => {
    const landing = await new Browser(app).logIn(demo);

    expectProblem(await exchange(app, demo, landing, { codeVerifier }), 401, 'auth.code_verifier_mismatch');
    expect((await exchange(app, demo, landing)).status).toBe(200);
    expectProblem(await exchange(app, demo, landing), 410, 'auth.code_used');
  });

  const turns = {
    'was removed': (key: BotKey) => app.bots.remove(key),
    'was disabled': (key: BotKey) => app.bots.change(key, { status: 'disabled' }),
  };

  it.each([
    ['was removed', 404, 'bot.not_found'],
    ['was disabled', 403, 'bot.disabled'],
  ] as const)('refuses the code of a bot that %s since: %i', async (turn, status, code) => {
    const own = await anOidcApplication(app, oidc);
    const landing = await new Browser(app).logIn(own);
    await turns[turn]({ ...PLACE, botId: own.botId });
    const before = await inventoryOf(app);

    expectProblem(await exchange(app, own, landing), status, code);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('refuses another application', async () => {
    const landing = await new Browser(app).logIn(demo);

    expectProblem(await exchange(app, await anOidcApplication(app, oidc), landing), 401, 'auth.code_invalid');
  });
});

describe('an id token', () => {
  it.each<[string, () => FakeOidcClaims, string]>([
    ['for another bot', () => ({ aud: '1' }), 'oidc.audience_mismatch'],
    ['of another sign-in', () => ({ nonce: 'another' }), 'oidc.nonce_mismatch'],
  ])('is refused %s', async (_, claims, code) => {
    oidc.claims = claims();

    expect(await refusal()).toEqual(failedWith('server_error', code));
  });

  const base64Url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => base64Url(oidc.claimsFor(demo.botId, aCaller()));

  it.each<[string, () => string, string]>([
    [
      'without a signature',
      () => `${base64Url({ alg: 'none', kid: 'oidc-1' })}.${claims()}.`,
      'oidc.algorithm_not_allowed',
    ],
    [
      'that was changed',
      () => {
        const [header = '', , signature = ''] = oidc.issueIdToken({}).split('.');
        return `${header}.${claims()}.${signature}`;
      },
      'oidc.signature_mismatch',
    ],
  ])('is refused %s', async (_, make, code) => {
    const body = JSON.stringify({ token_type: 'Bearer', id_token: make() });
    oidc.breakEndpoint('token', { kind: 'answer', status: 200, body });

    expect(await refusal()).toEqual(failedWith('server_error', code));
  });

  it.each([
    ['no JSON', '<p>'],
    ['no id token', '{"access_token":"a"}'],
    ['two id tokens', '{"id_token":"a","id_token":"b"}'],
    ['an id token that is no text', '{"id_token":1}'],
    ['nothing', ''],
  ])('is refused when there is %s', async (_, body) => {
    oidc.breakEndpoint('token', { kind: 'answer', status: 200, body });

    expect(await refusal()).toEqual(failedWith('temporarily_unavailable', 'oidc.answer_malformed'));
  });
});
