import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { useOidc } from '../support/oidc';
import { useFixture } from '../support/use-fixture';
import { anAskedPerson, anAskingApplication, PERMISSION } from '../support/wallet-permission';
import { aXellarApplication, claimsOf, XellarClient } from '../support/xellar-client';
import { expectNoBarrier } from './support/axe';
import { launchBrowser } from './support/browser';

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  'narrow and dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
  'wide and light': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
};
/** Where to save how the pages look; they are not saved without it. */
const { SCREENSHOTS } = process.env;

describe('the page for the permission of a wallet', () => {
  const custody = useCustody();
  const { app, oidc } = useOidc(() => environmentOf(custody).environment);
  const demo = useFixture(() => anAskingApplication(app, oidc));
  const maker = useFixture(() => aXellarApplication(app));
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const service = (): string => `http://127.0.0.1:${app.port}`;

  async function expectFit(page: Page, name: string): Promise<void> {
    await expectNoBarrier(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    if (SCREENSHOTS !== undefined)
      await page.screenshot({ path: `${SCREENSHOTS}/${name.replaceAll(' ', '-')}.png`, fullPage: true });
  }

  it.each(Object.keys(LOOKS))('asks, by keyboard and without script, %s', async (look) => {
    const { person, login, link } = await anAskedPerson(app, demo, maker);
    const context = await browser.newContext({ ...LOOKS[look], javaScriptEnabled: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: { readonly url: string; readonly referer: string | undefined }[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      asked.push({ url: request.url(), referer: request.headers()['referer'] });
    });
    oidc.nextPerson = person;

    await page.goto(`${service()}${link}`);
    await expectFit(page, `asking ${look}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Let Test use your wallet?' }).waitFor();
    await expectFit(page, `confirming ${look}`);
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Do not allow');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Test may use your wallet' }).waitFor();
    await expectFit(page, `decided ${look}`);

    expect(page.url()).toBe(`${service()}${PERMISSION}`);
    const hosts = new Set(asked.map(({ url }) => new URL(url).origin));
    expect(hosts).toEqual(new Set([service(), new URL(oidc.issuer).origin]));
    expect(asked.filter(({ referer }) => referer !== undefined)).toEqual([]);
    expect(complaints).toEqual([]);
    const next = await new XellarClient(app, demo).refreshed(login.refreshToken ?? '');
    expect(claimsOf(next.walletToken)['isPermissionGranted']).toBe(true);

    await page.goto(`${service()}${link}`);
    await page.getByRole('heading', { name: 'Test may use your wallet' }).waitFor();
    await page.goto(`${service()}${PERMISSION}?request=junk`);
    await page.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
    await expectFit(page, `refused ${look}`);
    await context.close();
  });

  it('is shown in no frame, and decides nothing for a form of another site', async () => {
    const { person, login, link } = await anAskedPerson(app, demo, maker);
    const context = await browser.newContext();
    const page = await context.newPage();
    oidc.nextPerson = person;
    await page.goto(`${service()}${link}`);
    await page.getByRole('link', { name: 'Log in with Telegram' }).click();
    await page.getByRole('button', { name: 'Allow Test', exact: true }).waitFor();
    const fields = await page.evaluate(
      "Object.fromEntries([...document.querySelectorAll('input')].map(({ name, value }) => [name, value]))",
    );
    const inputs = Object.entries(fields as Record<string, string>)
      .map(([name, value]) => `<input name="${name}" value="${value}">`)
      .join('');

    const other = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html').end(
        `<iframe src="${service()}${link}"></iframe>
         <form method="post" action="${service()}${PERMISSION}">${inputs}<button name="decision" value="allow">Win</button></form>`,
      );
    }).listen(0, 'localhost');
    await once(other, 'listening');
    try {
      const attack = await context.newPage();
      await attack.goto(`http://localhost:${(other.address() as AddressInfo).port}/`);
      const frame = attack.frames()[1];
      expect(await frame?.locator('h1').count()).toBe(0);
      await attack.getByRole('button', { name: 'Win' }).click();
      await attack.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
    } finally {
      other.close();
    }
    const next = await new XellarClient(app, demo).refreshed(login.refreshToken ?? '');
    expect(claimsOf(next.walletToken)['isPermissionGranted']).toBe(false);
    await context.close();
  });
});
