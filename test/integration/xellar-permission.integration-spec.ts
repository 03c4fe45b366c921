import type { Response } from 'supertest';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { mergeAccounts } from '../support/accounts';
import { embed, environmentOf, useCustody } from '../support/embedded-wallets';
import { cookiesOf, exchange, locationOf, useOidc } from '../support/oidc';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import {
  anAskedPerson,
  anAskingApplication,
  fieldsOf,
  linkIn,
  PERMISSION,
  PermissionBrowser,
} from '../support/wallet-permission';
import { aXellarApplication, claimsOf, expectXellarError, XellarClient } from '../support/xellar-client';

const HELLO = { message: 'Hello', network: 'ethereum' };
const ORIGIN = 'https://game.example';

const custody = useCustody();
const { app, oidc } = useOidc(() => environmentOf(custody).environment);
const demo = useFixture(() => anAskingApplication(app, oidc));
const maker = useFixture(() => aXellarApplication(app));

const client = () => new XellarClient(app, demo);
const browser = () => new PermissionBrowser(app, oidc);
const isGranted = async (refreshToken: string | undefined) => {
  const next = await client().refreshed(refreshToken ?? '');
  return { ...next, isGranted: claimsOf(next.walletToken)['isPermissionGranted'] };
};

function expectPage({ status, text, headers }: Response, wanted: number, title: string): void {
  expect({ status, title: /<h1>(.*?)<\/h1>/.exec(text)?.[1] }).toEqual({ status: wanted, title });
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['x-frame-options']).toBe('DENY');
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
  expect(text).not.toMatch(/<script|\son\w+=|javascript:|https?:/i);
}

describe('the permission to use a wallet', () => {
  it('is asked for by the token, and given by its person on the page', async () => {
    const { person, login, link } = await anAskedPerson(app, demo, maker);
    expect(login).toMatchObject({ isWalletCreated: true, refreshToken: expect.any(String) as string });
    expect(login.addresses?.[0]?.address).toMatch(/^0x/);
    expect(claimsOf(login.walletToken)).toMatchObject({ isPermissionGranted: false, address: [] });

    const mine = browser();
    const asking = await mine.open(link);
    expectPage(asking, 200, `Test asks to use your wallet`);
    expect(asking.text).not.toContain('0x');
    const confirming = await mine.reachForm(link, person);
    expectPage(confirming, 200, `Let Test use your wallet?`);
    expect(confirming.text).toContain(`<code>${login.addresses?.[0]?.address ?? ''}</code>`);
    expect(confirming.text).toContain('<li>sign messages in your name');
    expect(confirming.text).toContain('It may not send or move anything in the wallet.');
    for (const cookie of cookiesOf(confirming))
      expect(cookie).toMatch(/^__Host-.*; Path=\/; Secure; HttpOnly; SameSite=(?:Strict|Lax)$/);

    const before = await isGranted(login.refreshToken);
    expect(before.isGranted).toBe(false);
    expectPage(await mine.decide(confirming, 'allow'), 200, `Test may use your wallet`);
    const after = await isGranted(before.refreshToken);
    expect(after.isGranted).toBe(true);
    expect(claimsOf(after.walletToken)).toMatchObject({
      acceptPermissionPage: '',
      address: login.addresses,
    });
    expect((await client().post('wallet/sign-message', HELLO, after.walletToken)).status).toBe(200);
  });

  it('promises no limits where the operator allows calls that are not decoded', async () => {
    const open = await anAskingApplication(app, oidc);
    await app.applications.changeSettings(open.applicationId, {
      embeddedWallets: { allowedCalls: [`eip155:1/0x${'1'.repeat(40)}/Mail`] },
    });
    const { person, link } = await anAskedPerson(app, open, maker);
    expect((await browser().reachForm(link, person)).text).not.toContain('It may not send');
  });

  it('is answered with the page: 407 to servers, 403 to pages and to fetch, with one body', async () => {
    const page = await anAskingApplication(app, oidc, { origins: [ORIGIN] });
    const xellar = new XellarClient(app, page);
    const { login } = await anAskedPerson(app, page, maker);
    const ask = (headers?: Record<string, string>) =>
      xellar.post('wallet/sign-message', HELLO, login.walletToken, headers);
    const byServer = await ask();
    expectXellarError(byServer, 407, 'xellar.wallet_not_granted');
    const bodies = [
      byServer,
      await ask(xellar.byPage(ORIGIN)),
      await ask({ ...xellar.byServer, 'sec-fetch-mode': 'cors' }),
    ].map((answer) => {
      const { body, status } = answer as { status: number; body: Record<string, unknown> };
      const { message: link } = body['data'] as { message: string };
      expect(link).toContain(`http://127.0.0.1:${app.port}${PERMISSION}?request=wp_`);
      return { status, body: { ...body, data: null, requestId: null, status: null } };
    });
    expect(bodies.map(({ status }) => status)).toEqual([407, 403, 403]);
    expect(bodies[1]?.body).toEqual(bodies[0]?.body);
    expect(bodies[2]?.body).toEqual(bodies[0]?.body);
  });

  it('is not given by the link, by a launch, or without the confirmation', async () => {
    const { person, login, link } = await anAskedPerson(app, demo, maker);
    const request = new URLSearchParams(link.split('?')[1]).get('request') ?? '';
    await browser().open(link);
    await client().loggedIn(person);
    const mine = browser();
    const confirming = await mine.reachForm(link, person);
    const { refreshToken, ...answer } = await isGranted(login.refreshToken);
    expect(answer.isGranted).toBe(false);

    const refused = 'This link is no longer valid';
    const thief = browser();
    expectPage(await thief.decide(confirming, 'allow'), 403, refused);
    thief.cookies.set('__Host-wallet-permission', 'cs_sg_guessed');
    expectPage(await thief.decide(confirming, 'allow'), 403, refused);
    for (const confirmation of ['', 'x', fieldsOf(confirming)['request'] ?? ''])
      expectPage(await mine.decide(confirming, 'allow', { confirmation }), 403, refused);
    const crossSite = await app.http
      .post(PERMISSION)
      .set({
        cookie: [...mine.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': 'cross-site',
      })
      .type('form')
      .send({ ...fieldsOf(confirming), decision: 'allow' });
    expectPage(crossSite, 403, refused);
    expect((await app.http.post(PERMISSION).send({ request, decision: 'allow' })).status).toBe(415);
    expect((await isGranted(refreshToken)).isGranted).toBe(false);

    expectPage(await mine.decide(confirming, 'refuse'), 200, 'Nothing was changed');
    expectPage(await mine.decide(confirming, 'allow'), 403, refused);
  });

  it('is not given by another person who was sent the link, who gets no account by it', async () => {
    const { link, login } = await anAskedPerson(app, demo, maker);
    const stranger = aPerson();
    const users = async () => (await app.database.query('SELECT id FROM users')).length;
    const before = await users();
    const refused = await browser().reachForm(link, stranger);
    expectPage(refused, 403, 'You logged in with another account');
    expect(refused.text).not.toContain(login.addresses?.[0]?.address);
    expect(await users()).toBe(before);

    const victim = await anAskedPerson(app, demo, maker);
    expectPage(await browser().reachForm(link, victim.person), 403, 'You logged in with another account');
    // The form of one link with the login of another.
    const own = browser();
    const confirming = await own.reachForm(victim.link, victim.person);
    const { request = '' } = Object.fromEntries(new URLSearchParams(link.split('?')[1]));
    expectPage(await own.decide(confirming, 'allow', { request }), 403, 'This link is no longer valid');
    expect((await isGranted(login.refreshToken)).isGranted).toBe(false);
    expect((await isGranted(victim.login.refreshToken)).isGranted).toBe(false);
  });

  it('is not given with another identity of the account, which may have come by a merge', async () => {
    const { person, native, login, link } = await anAskedPerson(app, demo, maker);
    const other = await signInPerson(app, maker, aPerson());
    await mergeAccounts(app, maker, native, other);

    const refused = await browser().reachForm(link, other.person);

    expectPage(refused, 403, 'You logged in with another account');
    expectPage(await browser().reachForm(link, person), 200, 'Let Test use your wallet?');
    expect((await isGranted(login.refreshToken)).isGranted).toBe(false);
  });

  it('needs the browser that began, and a login that ends with its own link', async () => {
    const { person, link, login } = await anAskedPerson(app, demo, maker);
    const mine = browser();
    const back = await mine.comeBack(link, person);
    expectPage(await browser().open(back), 403, 'This link is no longer valid');

    const { refreshToken, walletToken } = await client().refreshed(login.refreshToken ?? '');
    const other = linkIn(walletToken).split('=')[1] ?? '';
    const swapped = new URL(back, 'http://localhost');
    swapped.searchParams.set('state', other);
    expect((await mine.open(`${swapped.pathname}${swapped.search}`)).status).not.toBe(200);
    const declined = await mine.open(`${PERMISSION}?error=access_denied&state=${other}`);
    expectPage(declined, 403, 'You have not logged in');
    expect((await isGranted(refreshToken)).isGranted).toBe(false);
  });

  it('is not given by a login for a page of the application', async () => {
    const elsewhere = `${ORIGIN}/signed-in`;
    const page = `http://127.0.0.1:${app.port}${PERMISSION}`;
    const both = await anAskingApplication(app, oidc, { redirectUrls: [page, elsewhere] });
    const { person, login, link } = await anAskedPerson(app, both, maker);
    const mine = browser();
    const back = new URL(await mine.comeBack(link, person, elsewhere), page);
    expectPage(await mine.open(`${PERMISSION}${back.search}`), 401, 'Nothing was changed');
    const next = await new XellarClient(app, both).refreshed(login.refreshToken ?? '');
    expect(claimsOf(next.walletToken)['isPermissionGranted']).toBe(false);
  });

  it('is all that its login is for: the code opens no session', async () => {
    const { person } = await anAskedPerson(app, demo, maker);
    oidc.nextPerson = person;
    const mine = browser();
    const redirectUri = `http://127.0.0.1:${app.port}${PERMISSION}`;
    const landed = await mine.open(await mine.reachCallback(demo, { redirectUri }));
    const code = locationOf(landed).searchParams.get('code') ?? '';
    expectProblem(await exchange(app, demo, locationOf(landed)), 401, 'auth.code_invalid');
    expect(code).toMatch(/^cs_rc_/);
  });

  it('is given once by a link, however parallel, for ten minutes', async () => {
    const { person, wallet, link, login } = await anAskedPerson(app, demo, maker);
    const mine = browser();
    const confirming = await mine.reachForm(link, person);
    const answers = await Promise.all(times(10, () => mine.decide(confirming, 'allow')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(9);
    expectPage(await browser().open(link), 200, 'Test may use your wallet');
    const granted = await app.database.query(
      "SELECT id FROM audit_records WHERE action = 'wallet.granted' AND subject = $1 AND application_id = $2",
      [wallet.walletId, demo.applicationId],
    );
    expect(granted).toHaveLength(1);

    const late = await anAskedPerson(app, demo, maker);
    app.clock.advance(601);
    expectPage(await browser().open(late.link), 403, 'This link is no longer valid');
    expect((await isGranted(login.refreshToken)).isGranted).toBe(true);
  });

  it('is taken back: acts are refused at once, and the claim at the next refresh', async () => {
    const { person, wallet, native, link, login } = await anAskedPerson(app, demo, maker);
    const mine = browser();
    const form = await mine.reachForm(link, person);
    await mine.decide(form, 'allow');
    const granted = await isGranted(login.refreshToken);
    await native.delete(`/v1/wallets/${wallet.walletId}/grants/${demo.applicationId}`);

    expectXellarError(
      await client().post('wallet/sign-message', HELLO, granted.walletToken),
      407,
      'xellar.wallet_not_granted',
    );
    const after = await isGranted(granted.refreshToken);
    expect(after.isGranted).toBe(false);
    // The used link brings no second login; a new one asks again.
    expectPage(await mine.reachForm(link, person), 403, 'This link is no longer valid');
    expectPage(await mine.decide(form, 'allow'), 403, 'This link is no longer valid');
    expectPage(await browser().open(linkIn(after.walletToken)), 200, `Test asks to use your wallet`);
  });

  it('is not given while the wallet is frozen, or to a session that ended', async () => {
    const { person, wallet, native, link, login } = await anAskedPerson(app, demo, maker);
    const mine = browser();
    const confirming = await mine.reachForm(link, person);
    await native.post(`/v1/wallets/${wallet.walletId}/freeze`);
    expectPage(await mine.decide(confirming, 'allow'), 409, 'The wallet is frozen');
    expect((await isGranted(login.refreshToken)).isGranted).toBe(false);

    const over = await anAskedPerson(app, demo, maker);
    const theirs = browser();
    const form = await theirs.reachForm(over.link, over.person);
    await (await signInPerson(app, demo, over.person)).delete('/v1/me/sessions');
    expectPage(await theirs.decide(form, 'allow'), 403, 'This link is no longer valid');
    expectPage(await browser().open(over.link), 403, 'This link is no longer valid');
  });

  it('is shown for hostile names and junk as text, and leads nowhere else', async () => {
    const name = '<img src=x onerror=alert(1)>"&';
    const hostile = await anAskingApplication(app, oidc);
    await app.database.query('UPDATE applications SET name = $1 WHERE id = $2', [
      name,
      hostile.applicationId,
    ]);
    app.clock.advance(60);
    const { link } = await anAskedPerson(app, hostile, maker);
    const page = await browser().open(link);
    expect(page.text).not.toContain('<img');
    for (const request of ['', 'wp_a_b', `wp_${'x'.repeat(2_000)}`, '"><script>', 'https://evil.example/'])
      for (const path of [PERMISSION, `${PERMISSION}/login`]) {
        const answer = await app.http.get(path).query({ request, redirectUri: 'https://evil.example/' });
        expectPage(answer, 403, 'This link is no longer valid');
        expect(answer.headers['location']).toBeUndefined();
      }
    for (const query of ['', 'request=a&request=b', 'code=1', 'code=x&state=y', 'error[]=1'])
      expect((await app.http.get(`${PERMISSION}?${query}`)).status).toBe(403);
    const answer = await app.http.post(PERMISSION).type('form').send('a=1');
    expectPage(answer, 403, 'This link is no longer valid');
  });

  it('has no page where the application has not its URL: the wallet stays unseen', async () => {
    const bare = await aXellarApplication(app);
    const person = aPerson();
    await embed(await signInPerson(app, maker, person));
    const login = await new XellarClient(app, bare).loggedIn(person);
    expect(login).toEqual({ accessToken: expect.any(String) as string, isWalletCreated: false });
    const tokens = await new XellarClient(app, demo).loggedIn(person);
    expect(tokens.isWalletCreated).toBe(true);
  });
});
