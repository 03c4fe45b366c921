import { open, type Sealed } from '@countersign/crypto';
import { ID_TOKEN_ALGORITHMS } from '@countersign/proofs';
import { ExpiryUpkeep } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import {
  aCaller,
  anOidcApplication,
  Browser,
  CALLBACK,
  cookiesOf,
  enableWebLogin,
  exchange,
  LANDING,
  landingOf,
  locationOf,
  outcomeOf,
  signInByOidc,
  visitTelegram,
  useOidc,
} from '../support/oidc';
import { rowsThatHold } from '../support/rows-that-hold';
import { findCanaries, formsOf } from '../support/search-bytes';
import { useFixture } from '../support/use-fixture';
import { aTonWallet, signInByWallet, SITE } from '../support/wallets';

const PROFILE = { dataNeeds: ['name', 'username', 'photo'] };

const { app, oidc } = useOidc();
const demo = useFixture(() => anOidcApplication(app, oidc, { settings: PROFILE }));

beforeEach(() => {
  oidc.nextPerson = aCaller();
  oidc.claims = {};
  oidc.algorithm = null;
});

async function meOf(accessToken: string): Promise<object> {
  return (await app.getMe(accessToken)).body as object;
}

describe('Log In With Telegram', () => {
  it('leads to Telegram and back to a code, which is exchanged for tokens', async () => {
    const person = aCaller();
    oidc.nextPerson = person;
    const browser = new Browser(app);

    const start = await browser.start(demo);
    const telegram = locationOf(start);
    const callback = await browser.open(await visitTelegram(telegram));
    const landing = landingOf(callback);
    const answer = await exchange(app, demo, landing, { deviceName: 'Firefox' });

    expect(`${telegram.origin}${telegram.pathname}`).toBe(`${oidc.issuer}/auth`);
    expect(Object.fromEntries(telegram.searchParams)).toEqual({
      client_id: demo.botId,
      redirect_uri: `http://127.0.0.1:${app.port}${CALLBACK}`,
      response_type: 'code',
      scope: 'openid profile',
      state: expect.stringMatching(/^cs_os_[\w-]{60,80}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(outcomeOf(landing)).toEqual({
      code: expect.stringMatching(/^cs_rc_[\w-]{60,80}$/),
      state: 'client state',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      tokenType: 'Bearer',
      isNewUser: true,
      assurance: 'platform',
      startParam: null,
    });
    expect(await meOf((answer.body as { accessToken: string }).accessToken)).toMatchObject({
      profile: {
        firstName: `${person.first_name} ${person.last_name ?? ''}`,
        username: person.username,
        photoUrl: person.photo_url,
      },
      identities: [{ provider: 'telegram', environment: 'production', subject: String(person.id) }],
      session: { assurance: 'platform' },
    });
  });

  it('ties the sign-in to the browser by a cookie, and takes it away at the end', async () => {
    const browser = new Browser(app);

    const start = await browser.start(demo);
    const [cookie] = cookiesOf(start);
    const callback = await browser.open(await visitTelegram(locationOf(start)));

    expect(cookie).toMatch(
      /^__Host-oidc-[0-9a-f]{16}=[\w-]{43}; Max-Age=600; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect(cookiesOf(callback)).toEqual([expect.stringMatching(/^__Host-oidc-[0-9a-f]{16}=; Max-Age=0; /)]);
    expect(browser.cookies.size).toBe(0);
    for (const { headers } of [start, callback])
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('never sends Telegram a state of more than 256 characters, and gives back that of the client', async () => {
    const state = `${'a&b=c d+e%20é'.repeat(39)}12345`;
    expect(state).toHaveLength(512);
    const browser = new Browser(app);

    const telegram = locationOf(await browser.start(demo, { state }));
    const landing = landingOf(await browser.open(await visitTelegram(telegram)));

    expect(telegram.searchParams.get('state')?.length).toBeLessThan(80);
    expect(telegram.href).not.toContain('a%26b');
    expect(landing.searchParams.get('state')).toBe(state);
  });

  it.each(ID_TOKEN_ALGORITHMS)(
    'lets several tabs of a browser sign in within one second, each for itself: %s',
    async (algorithm) => {
      oidc.algorithm = algorithm;
      const browser = new Browser(app);
      const first = await browser.reachCallback(demo);
      const second = await browser.reachCallback(demo);
      expect(browser.cookies.size).toBe(2);

      const sessions = new Set<string>();
      for (const callback of [first, second]) {
        const answer = await exchange(app, demo, landingOf(await browser.open(callback)));
        expect(answer.status).toBe(200);
        sessions.add((answer.body as { sessionId: string }).sessionId);
      }
      expect(sessions.size).toBe(2);
      expect(browser.cookies.size).toBe(0);
    },
  );

  it('goes on for a compromised bot, whose token is not involved, and stops for a disabled one', async () => {
    const own = await anOidcApplication(app, oidc);
    const key = { provider: 'telegram', environment: 'production', botId: own.botId } as const;
    await app.bots.change(key, { status: 'compromised' });
    expect(await signInByOidc(app, own)).toMatchObject({ assurance: 'platform' });

    const browser = new Browser(app);
    const callback = await browser.reachCallback(own);
    await app.bots.change(key, { status: 'disabled' });

    expectProblem(await new Browser(app).start(own), 403, 'bot.disabled');
    expect(outcomeOf(landingOf(await browser.open(callback)))).toEqual({
      error: 'server_error',
      error_description: 'bot.disabled',
      state: 'client state',
    });
  });

  it('asks which bot is meant only where several have Web Login', async () => {
    const own = await anOidcApplication(app, oidc);
    const { botId } = await app.addBot(own.applicationId);
    expect(await signInByOidc(app, own)).toMatchObject({ isNewUser: true });

    await enableWebLogin(app, oidc, botId);

    expectProblem(await new Browser(app).start(own), 400, 'bot.ambiguous');
    const telegram = locationOf(await new Browser(app).start(own, { botId }));
    expect(telegram.searchParams.get('client_id')).toBe(botId);
    expect(await signInByOidc(app, own, { botId })).toMatchObject({ assurance: 'platform' });

    const key = { provider: 'telegram', environment: 'production', botId } as const;
    await app.bots.change(key, { status: 'disabled' });
    expect(await signInByOidc(app, own)).toMatchObject({ assurance: 'platform' });
    expectProblem(await new Browser(app).start(own, { botId }), 403, 'bot.disabled');
  });
});

describe('the account behind it', () => {
  it('has the subject at Telegram as an alias, sealed, and never as its key', async () => {
    const person = aPerson();
    oidc.nextPerson = person;
    const own = await anOidcApplication(app, oidc);
    const aliasesOf = async ({ userId }: SignInBody) => {
      const [identity] = await app.database.query<{ id: string; content: Sealed }>(
        'SELECT id, content FROM identities WHERE user_id = $1',
        [userId],
      );
      const { id = '', content } = identity ?? {};
      const dataKey = await app.nest.get(UsersService).getDataKey(userId);
      const text = content && open(dataKey, { table: 'identities', column: 'content', row: id }, content);
      return (JSON.parse(text ?? '{}') as { readonly aliases?: unknown }).aliases;
    };
    const first = await signInByOidc(app, own);
    const subject = String(oidc.claimsFor(own.botId, person)['sub']);
    const alias = { issuer: oidc.issuer, audience: own.botId, createdAt: expect.any(String) as string };
    expect(await aliasesOf(first)).toEqual([{ ...alias, subject }]);

    const same = await signInByOidc(app, own);
    expect(await aliasesOf(same)).toEqual([{ ...alias, subject }]);

    oidc.claims = { sub: 'another' };
    const changed = await signInByOidc(app, own);
    expect(await aliasesOf(changed)).toEqual([{ ...alias, subject: 'another' }]);
    expect(await rowsThatHold(app.database, [subject])).toEqual([]);
    expect(new Set([first, same, changed].map(({ userId }) => userId)).size).toBe(1);
  });
});

describe('further scopes', () => {
  it('bring no wallet: the claim `ton` signs in, links and stores nothing', async () => {
    const wallet = aTonWallet();
    const settings = {
      redirectUrls: [LANDING],
      wallets: { createsAccounts: true },
    };
    const own = await anOidcApplication(app, oidc, { origins: [SITE], settings });
    const holder = (await signInByWallet(app, own, wallet)).body as { readonly userId: string };
    const proof = { timestamp: 1, domain: 'game.example', payload: 'ab', signature: 'AAAA' };
    const claims = [
      wallet.address,
      { address: wallet.address },
      { address: wallet.address, network: '-239', walletStateInit: 'te6cc', proof },
      [{ name: 'ton_addr', address: wallet.address }],
    ];

    for (const ton of claims) {
      oidc.nextPerson = aCaller();
      oidc.claims = { ton };
      const { accessToken, userId } = await signInByOidc(app, own);
      expect(userId).not.toBe(holder.userId);
      const identities = await app.http
        .get('/v1/me/identities')
        .set('authorization', `Bearer ${accessToken}`);
      expect(identities.body).toMatchObject({ items: [{ provider: 'telegram' }] });
      expect((identities.body as { items: unknown[] }).items).toHaveLength(1);
      const wallets = await app.http.get('/v1/wallets').set('authorization', `Bearer ${accessToken}`);
      expect(wallets.body).toMatchObject({ items: [] });
    }
    expect(await rowsThatHold(app.database, [wallet.address, wallet.address.slice(2)])).toEqual([]);
  });
});

describe('the phone number', () => {
  const stored = (userId: string) =>
    app.database.query<{ content: string; has_phone: boolean }>(
      `SELECT content, 'phoneNumber' = ANY(stored_fields) AS has_phone FROM identities WHERE user_id = $1`,
      [userId],
    );

  it('is asked for and kept where the application needs it', async () => {
    const own = await anOidcApplication(app, oidc, { settings: { dataNeeds: ['name', 'phone'] } });
    const telegram = locationOf(await new Browser(app).start(own));
    const { accessToken, userId } = await signInByOidc(app, own);

    expect(telegram.searchParams.get('scope')).toBe('openid profile phone');
    expect(await meOf(accessToken)).toMatchObject({ profile: { phoneNumber: '+971577777777' } });
    expect(JSON.stringify(await stored(userId))).not.toContain('577777777');
  });

  it('is not kept where it was not asked for, though a token has it', async () => {
    oidc.claims = { phone_number: '971577777777' };
    const { userId } = await signInByOidc(app, demo);

    expect(await stored(userId)).toEqual([{ content: expect.any(String) as string, has_phone: false }]);
  });
});

describe('the start', () => {
  it.each([
    ['another page', 'https://game.example/'],
    ['a longer path', LANDING.replace('/in?', '/in/more?')],
    ['a shorter query', 'https://game.example/in?from=telegram'],
    ['a longer query', `${LANDING}&more`],
    ['another spelling', LANDING.replace('game', 'GAME')],
    ['a fragment', `${LANDING}#a`],
    ['a user', LANDING.replace('://', '://a@')],
    ['a relative page', '/in'],
    ['no page', ''],
  ])('ends at no page that is not listed: %s', async (_, redirectUri) => {
    const before = await inventoryOf(app);

    const answer = await new Browser(app).start(demo, { redirectUri });

    expectProblem(answer, 403, 'oidc.redirect_uri_not_allowed');
    expect(answer.headers).not.toHaveProperty('location');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('ends nowhere once the page is taken from the list', async () => {
    const own = await anOidcApplication(app, oidc);
    const browser = new Browser(app);
    const callback = await browser.reachCallback(own);
    await app.changeSettings(own.applicationId, { redirectUrls: [] });

    const answer = await browser.open(callback);

    expectProblem(answer, 403, 'oidc.redirect_uri_not_allowed');
    expect(answer.headers).not.toHaveProperty('location');
  });

  it.each([
    ['codeChallenge', 'x', 'matches'],
    ['codeChallengeMethod', 'plain', 'in'],
    ['state', 'a\nb', 'control_character'],
  ])('refuses another %s (%#)', async (path, value, code) => {
    const answer = await new Browser(app).start(demo, { [path]: value });

    expectProblem(answer, 400, 'request.invalid', [{ path, code }]);
  });

  it('needs an application with a bot that has Web Login', async () => {
    const own = await app.createApplication({ settings: { redirectUrls: [LANDING] } });
    // Telegram has Web Login for its production environment only.
    const { botId } = await app.addBot(own.applicationId, { environment: 'test' });
    const testBot = { provider: 'telegram', environment: 'test', botId } as const;
    await app.bots.change(testBot, { oidcClientSecret: 'S3cret+from/BotFather=' });
    const nobody = { ...demo, applicationId: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42' };

    expectProblem(await new Browser(app).start(own), 409, 'bot.oidc_not_configured');
    expectProblem(await new Browser(app).start(nobody), 404, 'application.not_found');
  });

  it('sends Telegram the host that the browser has asked, over HTTPS', async () => {
    const telegram = locationOf(await new Browser(app, 'id.example.com').start(demo));

    expect(telegram.searchParams.get('redirect_uri')).toBe(`https://id.example.com${CALLBACK}`);
    expectProblem(await new Browser(app, 'id.example.com/x').start(demo), 400, 'request.malformed');
  });
});

describe('what is left behind', () => {
  it('is nothing readable, in the table and in the log', async () => {
    const person = aCaller({ first_name: 'Канарейка-oidc-3391' });
    oidc.nextPerson = person;
    const browser = new Browser(app);
    const chosen = { state: 'canary-client-state-7719', startParam: 'canary-start-5512' };
    const telegram = locationOf(await browser.start(demo, chosen));
    const canaries = new Map<string, readonly Buffer[]>();
    const watch = (name: string, value: string | null | undefined) =>
      canaries.set(name, formsOf(value ?? `there is no ${name}`));
    for (const name of ['state', 'nonce', 'code_challenge'] as const)
      watch(`Telegram’s ${name}`, telegram.searchParams.get(name));
    watch('client state', chosen.state);
    watch('start parameter', chosen.startParam);
    watch('cookie', [...browser.cookies.values()][0]);
    const dump = async () =>
      JSON.stringify(await app.database.query('SELECT t::text AS row FROM one_time_tokens t'));
    expect(findCanaries(Buffer.from(await dump()), canaries)).toEqual([]);

    const callback = await visitTelegram(telegram);
    watch('Telegram’s code', new URLSearchParams(callback.slice(callback.indexOf('?'))).get('code'));
    const stranger = new Browser(app);
    expectProblem(await stranger.open(callback), 403, 'oidc.browser_mismatch');
    const landing = landingOf(await browser.open(callback));
    watch('code', landing.searchParams.get('code'));
    await exchange(app, demo, landing);
    expectProblem(await browser.open(callback), 410, 'oidc.state_invalid');
    await browser.start(demo, { ...chosen, redirectUri: 'https://canary.example/' });
    await browser.start(demo, { startParam: `${chosen.startParam}!` });
    watch('page', 'https://canary.example/');
    watch('name', person.first_name);

    const log = app.logLines.join('');
    expect(findCanaries(Buffer.from(log), canaries)).toEqual([]);
    expect(log).not.toMatch(/[?&](code|state|redirectUri|startParam)=/);
    const routes = app.logLines.filter((line) => line.includes('/v1/auth/telegram/oidc/'));
    expect(routes.some((line) => line.includes(`"route":"${CALLBACK}"`))).toBe(true);
    expect(routes.some((line) => line.includes('"code":"oidc.browser_mismatch"'))).toBe(true);
  });

  it('is deleted once nobody can use it', async () => {
    await app.database.query('DELETE FROM one_time_tokens');
    await new Browser(app).start(demo);
    const landing = await new Browser(app).logIn(demo);
    const rowsLeft = async () => {
      const { oidc_transactions, redirect_codes } = (await inventoryOf(app)) as Record<string, number>;
      return { oidc_transactions, redirect_codes };
    };
    const upkeep = app.nest.get(ExpiryUpkeep);

    app.clock.advance(599);
    await new Browser(app).start(demo);
    app.clock.advance(1);
    await upkeep.run();
    expect(await rowsLeft()).toEqual({ oidc_transactions: 2, redirect_codes: 1 });
    expectProblem(await exchange(app, demo, landing), 410, 'auth.code_expired');

    app.clock.advance(3_600);
    await upkeep.run();
    expect(await rowsLeft()).toEqual({ oidc_transactions: 1, redirect_codes: 0 });
    expectProblem(await exchange(app, demo, landing), 401, 'auth.code_invalid');
  });

  it('opens nothing where its row was given to another application', async () => {
    const landing = await new Browser(app).logIn(demo);
    const other = await anOidcApplication(app, oidc);
    await app.database.query(
      `UPDATE one_time_tokens SET application_id = $1 WHERE kind = 'redirect-code' AND used_at IS NULL`,
      [other.applicationId],
    );

    expectProblem(await exchange(app, other, landing), 401, 'auth.code_invalid');
  });
});
