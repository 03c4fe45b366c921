import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { Logouts } from '@countersign/openid';
import { aPerson } from '../factories';
import { useIssuer } from '../support/issuer';
import { CALLBACK as TELEGRAM_CALLBACK, enableWebLogin, useFakeOidc } from '../support/oidc';
import { authorizing, createClient, relyingParty } from '../support/openid';
import { signInPerson } from '../support/person-session';
import { relaunch } from '../support/relaunch';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';
import { ALLOW_RECEIVERS } from '../support/webhooks';
import { startApache, type RelyingParty } from './support/apache';
import { expectFit } from './support/axe';
import { launchBrowser } from './support/browser';
import { buildStarter, openStarter, STARTER } from './support/starter-page';
import { freePort } from './support/program';

/** The product behind Apache: a page that browsers store, unless Apache forbids it. */
async function startProduct() {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, answer) => {
    received.push(request.headers);
    answer.setHeader('content-type', 'text/html').setHeader('last-modified', 'Sun, 09 Sep 2001 01:46:40 GMT');
    answer.end('<!doctype html><title>Private</title><h1>Private</h1>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}`, stop: () => server.close().closeAllConnections() };
}

describe('the login page, in a browser', () => {
  const ports = useFixture(async () => ({ apache: await freePort() }));
  const product = useFixture(startProduct, { close: ({ stop }) => stop() });
  const oidc = useFakeOidc(() => issuer.app.clock.now());
  const issuer = useIssuer(() => ({ ...ALLOW_RECEIVERS, TELEGRAM_OIDC_ISSUER: oidc.issuer }));
  const { app } = issuer;
  const demo = useApplication(app, { settings: { wallets: { accept: true, createsAccounts: true } } });
  let apache: RelyingParty;
  let chromium: Browser;

  beforeAll(async () => {
    const url = `http://127.0.0.1:${ports.apache}`;
    const { clientId, clientSecret } = await createClient(app, demo, {
      name: 'Wiki',
      redirectUrls: [`${url}/private/callback`],
      afterLogoutUrls: [`${url}/bye`],
      logoutUrl: `${url}/private/callback?logout=backchannel`,
    });
    await enableWebLogin(app, oidc, demo.botId, { redirectUris: [issuer.url + TELEGRAM_CALLBACK] });
    const of = { issuer: issuer.url, clientId, clientSecret: clientSecret ?? '' };
    apache = await startApache({ port: ports.apache, product: product.url, ...of });
    app.nest.get(Logouts).start();
    chromium = await launchBrowser();
  });

  afterAll(async () => {
    await chromium.close();
    await apache.stop();
  });

  it('signs a person in by their phone to mod_auth_openidc of Apache, unmodified, and closes the page when their session ends', async () => {
    // A visitor who names another person gets nothing by it.
    const forged = { 'x-user-id': 'someone', 'x-user-name': 'Someone', oidc_claim_sub: 'someone' };
    const context = await chromium.newContext({ extraHTTPHeaders: forged });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    // Many people have no username.
    const { username: _, ...person } = aPerson({ first_name: 'Łucja', last_name: 'Ада' });
    await page.goto(`${apache.url}/private/`);
    await page.getByRole('heading', { name: 'Sign in to Wiki' }).waitFor();
    await expectFit(page);
    const link = (await page.getByRole('link', { name: 'Open Telegram' }).getAttribute('href')) ?? '';
    const code = link.split('startapp=o_').at(-1) ?? '';
    const number = Number(await page.locator('.number').textContent());
    const phone = await relaunch(app, demo, person, `o_${code}`);
    expect((await phone.post(`/v1/openid/requests/${code}/accept`, { number })).status).toBe(204);

    await page.getByRole('heading', { name: 'Continue to Wiki?' }).waitFor();
    await expectFit(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Private' }).waitFor();
    expect(errors).toEqual([]);

    const own = await signInPerson(app, demo, person);
    const { 'x-user-id': id, 'x-user-name': name = '' } = product.received.at(-1) ?? {};
    expect([id, Buffer.from(String(name), 'latin1').toString()]).toEqual([own.userId, 'Łucja Ада']);
    expect(JSON.stringify(product.received)).not.toMatch(/someone/i);
    expect((await own.delete('/v1/me/sessions')).status).toBe(204);
    await until(async () => {
      const answer = await context.request.get(`${apache.url}/private/`, { maxRedirects: 0 });
      return answer.status() === 302;
    });
    await page.goto(`${apache.url}/private/`);
    await page.getByRole('heading', { name: 'Sign in to Wiki' }).waitFor();
    await context.close();
  });

  /** The page of a client, whose browser ends at a page that Apache does not have. */
  async function pageOf(wanted: object) {
    const end = `${apache.url}/bye`;
    const client = await createClient(app, demo, { redirectUrls: [end], ...wanted });
    const { url } = await authorizing(await relyingParty(app, client), { redirect_uri: end });
    const context = await chromium.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      // Of Apache.
      if (message.type() === 'error' && !message.location().url.startsWith(end)) errors.push(message.text());
    });
    return { page, url, context, errors, isOver: () => page.waitForURL(/\/bye\?code=/) };
  }

  it('signs a person in by Log In With Telegram, who agrees to what a third party gets', async () => {
    oidc.nextPerson = aPerson();
    const { page, url, context, errors, isOver } = await pageOf({ isThirdParty: true });
    await page.goto(url);
    await page.getByRole('link', { name: 'Log in with Telegram here' }).click();
    await page.getByRole('heading', { name: 'Continue to Shop?' }).waitFor();
    await expectFit(page);

    await page.getByRole('button', { name: 'Agree' }).click();

    await isOver();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('keeps a popup connected to the page that opened it, through each page of a sign-in', async () => {
    oidc.nextPerson = aPerson();
    const { page, url, context } = await pageOf({});
    await page.goto(`${apache.url}/bye`);
    const opened = page.waitForEvent('popup');
    await page.evaluate(
      `window.popup = window.open(${JSON.stringify(url)}, 'sign-in', 'width=500,height=700'); 0`,
    );
    const popup = await opened;

    await popup.getByRole('link', { name: 'Log in with Telegram here' }).click();
    await popup.getByRole('button', { name: 'Continue' }).click();
    await popup.waitForURL(/\/bye\?code=/);

    expect(await popup.evaluate('window.opener !== null')).toBe(true);
    expect(await page.evaluate('window.popup.location.search')).toContain('code=');
    await context.close();
  });

  it('signs a person in by the wallet of the browser', async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    const { page, url, context, errors, isOver } = await pageOf({});
    await page.goto(url);
    expect(await page.getByRole('button', { name: 'Sign in with a wallet' }).isVisible()).toBe(false);
    await page.exposeFunction('signRaw', (raw: `0x${string}`) => account.signMessage({ message: { raw } }));
    await page.addInitScript(`window.ethereum = { request: async ({ method, params }) =>
      method === 'eth_requestAccounts' ? ['${account.address}'] : window.signRaw(params[0]) };`);
    await page.reload();
    const button = page.getByRole('button', { name: 'Sign in with a wallet' });
    await button.waitFor();
    await expectFit(page);

    await button.click();

    await page.getByRole('button', { name: 'Continue' }).click();
    await isOver();
    expect(errors).toEqual([]);
    await context.close();
  });

  describe('and the phone, by the page that `countersign init` writes', () => {
    const starter = useFixture(async () => {
      const own = await app.createApplication({ origins: [STARTER] });
      return { own, script: await buildStarter(own) };
    });

    /** A page that shows a code and a number, and the phone that opens its link. */
    async function waiting(url: string) {
      const context = await chromium.newContext();
      const page = await context.newPage();
      await page.goto(url);
      if (url.includes('user_code')) await page.getByRole('button', { name: 'Continue' }).click();
      const link = (await page.getByRole('link', { name: 'Open Telegram' }).getAttribute('href')) ?? '';
      const startParam = link.split('startapp=').at(-1) ?? '';
      const number = (await page.locator('.number').textContent()) ?? '';
      const phone = await openStarter(await chromium.newContext(), app, starter.own, {
        script: starter.script,
        startParam,
      });
      return { page, phone, number };
    }

    it('says that it signs in a device, describes the device and the browser, and goes on', async () => {
      const { clientId } = await createClient(app, starter.own, {
        ...{ name: 'Television', isPublic: true, redirectUrls: [] },
      });
      const asking = await app.http
        .post('/oidc/device/auth')
        .set('user-agent', 'curl/8.5.0')
        .type('form')
        .send({ client_id: clientId, scope: 'openid' });
      const { verification_uri_complete: uri } = asking.body as { verification_uri_complete: string };
      const { page, phone, number } = await waiting(uri);

      await phone.getByRole('heading', { name: 'Sign in a device to Television?' }).waitFor();
      const text = (await phone.locator('form').textContent()) ?? '';
      expect(text).toContain('You are about to sign in a device, not your browser.');
      expect(text).toContain('The device: curl/8.5.0, at the address 127.0.0.1');
      expect(text).toContain('The browser: Chrome on Linux, at the address 127.0.0.1');
      await phone.getByLabel('The number in your browser').fill(number);
      await phone.getByRole('button', { name: 'Accept' }).click();
      await phone.getByText('Accepted.').waitFor();
      await page.getByText('The device will be signed in with this account.').waitFor();
      await expectFit(page);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('heading', { name: 'The device is signed in' }).waitFor();
    });

    it('refuses a browser, which says so at once and waits for another phone', async () => {
      const end = `${apache.url}/bye`;
      const client = await createClient(app, starter.own, { redirectUrls: [end] });
      const { url } = await authorizing(await relyingParty(app, client), { redirect_uri: end });
      const { page, phone, number } = await waiting(url);
      await phone.getByRole('heading', { name: 'Sign in to Shop?' }).waitFor();
      expect(await phone.locator('form').textContent()).not.toContain('device');

      await phone.getByRole('button', { name: 'Refuse' }).click();

      await phone.getByText('Refused. The browser is not signed in.').waitFor();
      await page.getByText('The sign-in was refused on a phone.').waitFor();
      expect(await page.locator('.number').textContent()).toBe(number);
    });
  });
});
