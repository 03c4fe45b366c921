import type { Response } from 'supertest';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { CALLBACK as TELEGRAM_CALLBACK, enableWebLogin, useOidc, visitTelegram } from '../support/oidc';
import {
  authorizing,
  Browser,
  createClient,
  goOn,
  ISSUER,
  launchedBy,
  openPage,
  relyingParty,
  tokensOf,
  type Begun,
} from '../support/openid';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { anEvmWallet, SITE, type ChallengeBody, type TestWallet } from '../support/wallets';

const { app, oidc } = useOidc({ PUBLIC_URL: ISSUER });
const demo = useFixture(async () => {
  const wallets = { accept: true, createsAccounts: true };
  const created = await app.createApplication({ settings: { wallets }, origins: [SITE] });
  await enableWebLogin(app, oidc, created.botId, { redirectUris: [`${ISSUER}${TELEGRAM_CALLBACK}`] });
  return created;
});

beforeEach(() => {
  oidc.nextPerson = aPerson();
});

/** A client, and a browser at its page. */
async function begin(
  wanted: object = {},
  browser = new Browser(app),
  more: Readonly<Record<string, string>> = {},
) {
  const created = await createClient(app, demo, wanted);
  const party = await relyingParty(app, created);
  const asked = await authorizing(party, more);
  return { created, party, asked, begun: await openPage(browser, asked.url) };
}

/** To Telegram and back, as far as the answer of the page. */
async function throughTelegram({ browser, pageUrl }: Begun): Promise<Response> {
  const { url } = await browser.follow(`${pageUrl}/telegram`);
  const back = await visitTelegram(new URL(url));
  const callback = await browser.get(back);
  return browser.get(callback.headers['location'] ?? '');
}

/** Goes on from the page to the client. */
async function returned(begun: Begun): Promise<URL> {
  return new URL((await goOn(begun)).url);
}

async function walletAnswer(wallet: TestWallet, origin = ISSUER): Promise<object> {
  const { applicationId } = demo;
  const { address } = wallet;
  const path = '/v1/auth/wallets/challenges';
  const asked = await app.http.post(path).set({ origin }).send({ applicationId, kind: 'siwe', address });
  expect(asked.body).toMatchObject({ domain: new URL(origin).host });
  return wallet.answer(asked.body as ChallengeBody);
}

describe('Log In With Telegram on the login page', () => {
  it('signs the browser in without a phone, as a session of the person', async () => {
    const { party, asked, begun } = await begin();
    expect(begun.page).toContain('/telegram">Log in with Telegram here</a>');

    const landed = await throughTelegram(begun);

    expect(landed.headers['location']).toMatch(/^\/oidc\/sign-in\/[0-9a-f]{32}\/continue$/);
    const tokens = await tokensOf(party, asked, await returned(begun));
    expect(tokens.claims()).toMatchObject({ acr: 'platform', amr: ['telegram-oidc'] });
    const person = oidc.nextPerson;
    if (!person) throw new Error('nobody signed in');
    const phone = await signInPerson(app, demo, person);
    expect(tokens.claims()?.sub).toBe(phone.userId);
    expect((await phone.get('/v1/me/sessions')).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ deviceName: 'Firefox on Linux' })]) as object,
    });
    // Again in the same browser, for a client that wants it: its session stays, so that other clients are not signed out.
    const again = await begin({}, begun.browser, { prompt: 'login' });
    await throughTelegram(again.begun);
    await tokensOf(again.party, again.asked, await returned(again.begun));
    const { items } = (await phone.get('/v1/me/sessions')).body as {
      items: readonly { deviceName: string | null }[];
    };
    expect(items.filter(({ deviceName }) => deviceName === 'Firefox on Linux')).toHaveLength(1);
  });

  it('opens no client silently whose page with the account its person has left', async () => {
    const { begun } = await begin();
    await throughTelegram(begun);
    await returned(begun);
    const { browser } = begun;
    const other = await begin({ name: 'Wiki' }, browser, { prompt: 'login' });
    await throughTelegram(other.begun);
    expect((await browser.get(`${other.begun.pageUrl}/continue`)).text).toContain('Continue to Wiki?');

    const { url } = await browser.follow((await authorizing(other.party, { prompt: 'none' })).url);

    expect(new URL(url).searchParams.get('error')).toBe('interaction_required');
  });

  it('goes on in no other browser, and ends where the person declines', async () => {
    const { begun } = await begin();
    const attacker = new Browser(app);
    const other = await begin({}, attacker);
    const stolen = await begun.browser.follow(`${begun.pageUrl}/telegram`);
    // The URL at Telegram, which an attacker sent to a person; and a code of the attacker, for the page of another browser.
    expectProblem(await attacker.get(await visitTelegram(new URL(stolen.url))), 403, 'oidc.browser_mismatch');
    const { url } = await attacker.follow(`${other.begun.pageUrl}/telegram`);
    const callback = await attacker.get(await visitTelegram(new URL(url)));
    const { searchParams } = new URL(callback.headers['location'] ?? '');
    const replayed = await begun.browser.get(`${begun.pageUrl}/telegram?${searchParams.toString()}`);
    expect(replayed.status).toBe(401);
    expect(replayed.text).toContain('auth.code_verifier_mismatch');
    expect((await new Browser(app).get(`${begun.pageUrl}/telegram`)).status).toBe(404);
    expect((await begun.browser.get(`${begun.pageUrl}/state`)).body).toEqual({
      isOver: false,
      isRefused: false,
    });

    oidc.nextPerson = null;
    const declined = await throughTelegram(begun);

    const { answer } = await begun.browser.follow(declined.headers['location'] ?? '');
    expect(answer.text).toContain('Telegram has not signed you in.');
    expect(answer.text).toContain(`class="number">${begun.number}<`);
  });

  it('goes on by no cookie that another host of the domain has planted', async () => {
    const { begun, party, asked } = await begin();
    const victim = new Browser(app);
    victim.plant('countersign_login', begun.browser.cookie('countersign_login'), begun.pageUrl);
    for (const path of ['', '/state', '/continue', '/telegram'])
      expect((await victim.get(begun.pageUrl + path)).status).toBe(404);
    await throughTelegram(begun);
    const { text } = await begun.browser.get(`${begun.pageUrl}/continue`);
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(text) ?? [];
    const own = await begun.browser.post(`${begun.pageUrl}/continue`, { token, agree: 'yes' });
    const resumed = new URL(own.headers['location'] ?? '', ISSUER).href;
    victim.plant('countersign_resume', begun.browser.cookie('countersign_resume'), resumed);

    const refused = await victim.get(resumed);

    expect([refused.status, victim.cookie('__Host-countersign')]).toEqual([404, undefined]);
    const { url } = await begun.browser.follow(resumed);
    expect((await tokensOf(party, asked, new URL(url))).claims()).toMatchObject({ acr: 'platform' });
  });

  it('asks for consent on a page of the browser before a third party gets anything', async () => {
    const { created, party, asked, begun } = await begin({ isThirdParty: true });
    await throughTelegram(begun);
    const shown = await begun.browser.get(`${begun.pageUrl}/continue`);
    expect(shown.text).toContain('<li>your name, username and photo</li>');
    expect(shown.headers).toMatchObject({ 'x-frame-options': 'DENY' });
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(shown.text) ?? [];
    // The phone of an attacker cannot answer it any more.
    const phone = await launchedBy(app, demo, aPerson(), begun);
    const accepted = await phone.post(`/v1/openid/requests/${begun.code}/accept`, { number: begun.number });
    expectProblem(accepted, 404, 'openid.request_not_found');
    for (const form of [{ agree: 'yes' }, { token: 'guessed', agree: 'yes' }])
      expect((await begun.browser.post(`${begun.pageUrl}/continue`, form)).status).toBe(404);
    expect((await new Browser(app).post(`${begun.pageUrl}/continue`, { token, agree: 'yes' })).status).toBe(
      404,
    );

    const agreed = await begun.browser.post(`${begun.pageUrl}/continue`, { token, agree: 'yes' });

    expect(agreed.status).toBe(303);
    // A second click goes on as the first one does.
    const again = await begun.browser.post(`${begun.pageUrl}/continue`, { token, agree: 'yes' });
    expect(again.headers['location']).toBe(agreed.headers['location']);
    const { url } = await begun.browser.follow(again.headers['location'] ?? '');
    expect((await begun.browser.post(`${begun.pageUrl}/continue`, { token, agree: 'yes' })).status).toBe(404);
    const tokens = await tokensOf(party, asked, new URL(url));
    const own = await signInPerson(app, demo, oidc.nextPerson ?? aPerson());
    expect(tokens.claims()?.sub).not.toBe(own.userId);
    expect((await own.get('/v1/me')).body).toMatchObject({
      openidConsents: [{ clientId: created.clientId }],
    });
  });

  it('ends the session of a person who does not agree', async () => {
    const { begun } = await begin({ isThirdParty: true });
    await throughTelegram(begun);

    const { url } = await goOn(begun, 'stop');

    expect(new URL(url).searchParams.get('error')).toBe('access_denied');
    const own = await signInPerson(app, demo, oidc.nextPerson ?? aPerson());
    expect(JSON.stringify((await own.get('/v1/me/sessions')).body)).not.toContain('Firefox on Linux');
  });

  it('is not there for a device, which the phone approves, nor where the application has none', async () => {
    const bare = await app.createApplication({ settings: { wallets: { accept: false } } });
    const asked = await authorizing(await relyingParty(app, await createClient(app, bare)));
    const { page, pageUrl, browser } = await openPage(new Browser(app), asked.url);

    expect(page).not.toMatch(/\/telegram"|wallet/);
    expect((await browser.get(`${pageUrl}/telegram`)).status).toBe(409);
    expect((await browser.send('post', `${pageUrl}/wallet`, {}, 'json')).status).toBe(404);
  });
});

describe('a wallet on the login page', () => {
  const prove = (browser: Browser, { pageUrl }: Begun, answer: object) =>
    browser.send('post', `${pageUrl}/wallet`, answer, 'json');

  it('signs the browser in by a message for this service', async () => {
    const { party, asked, begun } = await begin();
    const wallet = anEvmWallet();
    expect(begun.page).toContain(`data-application="${demo.applicationId}" hidden`);
    const answer = await walletAnswer(wallet);
    expect((await prove(new Browser(app), begun, answer)).status).toBe(404);
    expect((await prove(begun.browser, begun, { ...answer, signature: '0x00' })).status).toBe(401);
    // What a page of the application had the person sign.
    expect((await prove(begun.browser, begun, await walletAnswer(wallet, SITE))).status).toBe(404);

    expect((await prove(begun.browser, begun, await walletAnswer(wallet))).status).toBe(204);

    const tokens = await tokensOf(party, asked, await returned(begun));
    expect(tokens.claims()).toMatchObject({ acr: 'platform', amr: ['wallet'] });
  });

  async function openSessions(): Promise<number> {
    const sql = `SELECT 1 FROM sessions WHERE door = 'wallet' AND ended_at IS NULL`;
    return (await app.database.query(sql)).length;
  }

  it('signs one of fifty in that answer one page, and leaves no session of the others', async () => {
    const { begun } = await begin();
    const people = times(25, () => anEvmWallet());
    const answers = await Promise.all(people.map((wallet) => walletAnswer(wallet)));
    const phones = await Promise.all(times(25, () => launchedBy(app, demo, aPerson(), begun)));
    const { code, number } = begun;
    const before = await openSessions();

    const raced = await Promise.all([
      ...answers.map((answer) => prove(begun.browser, begun, answer)),
      ...phones.map((phone) => phone.post(`/v1/openid/requests/${code}/accept`, { number })),
    ]);

    const refusals = raced.filter(({ status }) => status !== 204);
    expect(refusals).toHaveLength(49);
    for (const { status, body } of refusals)
      expect([status, (body as { code: string }).code]).toEqual(
        status === 404 ? [404, 'openid.request_not_found'] : [403, 'openid.launch_required'],
      );
    expect(await openSessions()).toBe(before + Number(raced.findIndex(({ status }) => status === 204) < 25));
  });
});
