import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Route } from 'playwright-core';
import { aPerson } from '../factories';
import { launchBrowser } from './support/browser';
import { useConsoleService, type ConsolePage } from './support/console-service';

/** Runs a script if a page inserts it as markup. */
const MARKUP = '<img/src=x/onerror=alert(1)>"><svg onload=alert(1)>';
const PAGES = [
  ...['', 'people', 'audit', 'applications', 'bots', 'webhooks', 'boards', 'listings', 'principals'],
  ...['wallets', 'service'],
];
/** Values that the page needs unchanged. */
const STRUCTURE = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT.*|active|disabled|live)$/;

describe('the console, attacked', () => {
  const service = useConsoleService();
  const contexts: BrowserContext[] = [];

  const open = async (context: BrowserContext): Promise<ConsolePage> => {
    contexts.push(context);
    const console = await service.open(context);
    await console.signIn(await service.principal('--all-scopes'));
    return console;
  };

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  it('inserts no text of any answer as markup: no name, username, reason or description', async () => {
    const { userId } = await service.signIn(aPerson());
    const { applicationId } = service.application;
    const { countersign } = service;
    const { boardId } = await countersign.json<{ boardId: string }>(
      `board create --application ${applicationId} --name Ladder --rule best --better higher --calendar weekly`,
    );
    await countersign.run(`listing create --application ${applicationId} --key chess --name Chess`);
    await countersign.run('webhook create --name crm --url https://example.com/crm --type user.erased');
    await countersign.run(`user erase ${userId} --reason ticket-1`);
    const console = await open(await service.browser.newContext());
    const { page } = console;
    const hrefs = new Map<string, string>();
    for (const list of ['bots', 'webhooks', 'listings', 'principals']) {
      await console.go(list);
      await console.settled();
      const href = await page.locator(`td a[href^="#/${list}/"]`).first().getAttribute('href');
      hrefs.set(list, (href ?? '').replace('#/', ''));
    }
    let poisoned = 0;
    const poison = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(poison);
      if (typeof value === 'object' && value !== null)
        return Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, name === 'nextCursor' ? null : poison(each)]),
        );
      if (typeof value !== 'string' || STRUCTURE.test(value)) return value;
      poisoned += 1;
      return MARKUP;
    };
    await page.route(/\/v1\/admin\/(?!console)/, async (route: Route) => {
      const headers = { ...(await route.request().allHeaders()), 'sec-fetch-site': 'same-origin' };
      const response = await route.fetch({ headers });
      await route.fulfill({ response, json: poison(await response.json()) });
    });

    const paths = [
      ...PAGES,
      ...hrefs.values(),
      `people/${userId}`,
      `applications/${applicationId}`,
      `applications/${applicationId}/settings`,
      `boards/${boardId}`,
    ];
    for (const path of paths) {
      await console.go(path);
      await console.settled();
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await console.settled();
      }
      expect(await page.locator('main img, main iframe, main [onload], main [onerror]').count()).toBe(0);
    }
    await console.go('applications', applicationId);
    await console.shows(MARKUP);
    await console.press('Rename');
    await page.getByRole('dialog').getByLabel('Name').fill(MARKUP);
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.locator('.notice').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.locator('main').locator('img, iframe, [onload], [onerror]').count()).toBe(0);
    expect(poisoned).toBeGreaterThan(100);
    expect(console.complaints).toEqual([]);
  });

  it('shows nothing of a person when the browser goes back to it after a sign-out', async () => {
    const { userId } = await service.signIn(aPerson());
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('elsewhere');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchBrowser({ restoresPages: true });
    try {
      const context = await browser.newContext();
      const console = await open(context);
      const { page } = console;
      await page.evaluate(`
        window.persisted = [];
        window.atLeaving = [];
        addEventListener('pageshow', (event) => persisted.push(event.persisted));
        addEventListener('pagehide', () => atLeaving.push(document.body.textContent));
      `);
      await console.go('people', userId);
      await console.shows(userId);
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      const other = await context.newPage();
      await other.goto(`${service.url}/console`);
      await other.getByRole('button', { name: 'Sign out' }).click();
      await other.getByText('Use a secret instead').waitFor();
      await page.goBack();

      await page.getByText('Use a secret instead').waitFor();
      expect(await page.content()).not.toContain(userId);
      const restored = await page.evaluate('window.persisted && { persisted, atLeaving }');
      // Where the browser has restored the page, it was empty when it was left.
      if (restored) expect(JSON.stringify(restored)).not.toContain(userId);
    } finally {
      await browser.close();
      server.close();
    }
  });

  it('removes the data of a person when the page is left, and reads it again when the page comes back', async () => {
    const { userId } = await service.signIn(aPerson());
    const console = await open(await service.browser.newContext());
    const { page } = console;
    await console.go('people', userId);
    await console.shows(userId);
    await console.press('Erase');
    await page.getByRole('dialog').waitFor();

    const left = await page.evaluate(`
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      document.body.textContent
    `);
    expect(left).not.toContain(userId);
    expect(left).not.toContain('Erase');
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); 0`);
    await console.shows(userId);
  });
});
