import { request } from 'node:http';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Locator } from 'playwright-core';
import { aBotToken, aPerson } from '../factories';
import { expectFit, expectNoBarrier } from '../system/support/axe';
import { useConsoleService, type ConsolePage } from '../system/support/console-service';

const PAGES_OF_ONE = [
  ...['people', 'applications', 'bots', 'teams', 'webhooks', 'boards', 'listings', 'principals', 'wallets'],
];

describe('the console, for operations', () => {
  const service = useConsoleService();
  let context: BrowserContext;
  let console: ConsolePage;

  const openSignedIn = async (scopes: string): Promise<void> => {
    const principal = await service.principal(scopes);
    console = await service.open(context);
    await console.signIn(principal);
  };

  beforeEach(async () => {
    context = await service.browser.newContext();
  });
  afterEach(async () => {
    expect(console.complaints).toEqual([]);
    await context.close();
  });

  it('leads through the recovery of a bot whose token leaked', async () => {
    await service.signIn(aPerson());
    await openSignedIn('--all-scopes');
    const { page } = console;
    await console.go('bots');
    await page.getByRole('link', { name: 'Show' }).first().click();
    await page.getByRole('link', { name: 'Recovery after a leak' }).click();
    await page.getByLabel('Leaked at').fill('2026-01-01T00:00:00Z');
    // Neither before the token is rejected, nor with the one that leaked.
    for (const name of ['Replace the token', 'Activate'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);

    await console.press('Mark as compromised');
    expect(await console.confirm('Mark as compromised')).toContain('bot.changed');
    await console.press('End the sessions');
    expect(await console.confirm('End the sessions')).toMatch(/ended|sessions/i);
    await page.getByRole('button', { name: 'Replace the token' }).waitFor();
    expect(await page.getByRole('button', { name: 'Activate' }).count()).toBe(0);

    await console.press('Replace the token');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Overlap until').count()).toBe(0);
    const { botToken } = service.application;
    await dialog.getByLabel('Token', { exact: true }).fill(botToken);
    await dialog.getByRole('button', { name: 'Replace the token' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('bot.token_unchanged');
    const next = aBotToken(botToken.split(':', 1).join());
    await dialog.getByLabel('Token', { exact: true }).fill(next);
    const shown = await console.confirm('Replace the token');
    service.signWith(next);
    expect(shown).toContain('bot.token_rotated');
    expect(shown).not.toContain(next);

    await page.getByRole('button', { name: 'Activate' }).waitFor();
    await console.press('Activate');
    expect(await console.confirm('Activate')).toContain('bot.changed');
    await console.shows('6. Activate the bot');
  });

  it('replaces a token with the overlap that it is given', async () => {
    await openSignedIn('--all-scopes');
    const { page } = console;
    await console.go('bots');
    await page.getByRole('link', { name: 'Show' }).first().click();
    await console.press('Replace the token');
    const next = aBotToken(service.application.botToken.split(':', 1).join());
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Token', { exact: true }).fill(next);
    await dialog.getByLabel('Overlap until').fill('2099-01-01T00:00:00Z');
    expect(await console.confirm('Replace the token')).toContain('bot.token_rotated');
    service.signWith(next);
    await console.shows('2099');
  });

  it('creates an application and its bot, with the secret shown once', async () => {
    await openSignedIn('--all-scopes');
    const { page } = console;
    await page.getByRole('link', { name: 'Applications' }).click();
    await console.press('Create an application');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Chess');
    await dialog.getByLabel('Origins').fill('https://chess.example.com\nhttps://www.chess.example.com');
    const shown = await console.confirm('Create an application');
    const [secret = ''] = /cs_\w+/.exec(shown) ?? [];
    expect(secret).not.toBe('');
    await page.locator('tr', { hasText: 'Chess' }).getByRole('link').first().click();
    await console.shows('https://www.chess.example.com');
    expect(await console.text()).not.toContain(secret);

    await console.press('Add a bot');
    const token = aBotToken();
    await dialog.getByLabel('Username').fill('chess_bot');
    await dialog.getByLabel('Token', { exact: true }).fill(token);
    const added = await console.confirm('Add a bot');
    expect(added).toContain('bot.added');
    expect(added).not.toContain(token.slice(-20));
    await console.shows('chess_bot');
  });

  it('creates an endpoint, delivers a period again, and replaces its secret', async () => {
    await openSignedIn('--all-scopes');
    const { page } = console;
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await console.press('Create a webhook endpoint');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('crm');
    await dialog.getByLabel('URL').fill('https://example.com/crm');
    for (const type of ['Erased', 'Merged'])
      await dialog
        .getByRole('group', { name: 'User', exact: true })
        .getByLabel(type, { exact: true })
        .check();
    const shown = await console.confirm('Create a webhook endpoint');
    const [secret = ''] = /whsec_\S+/.exec(shown) ?? [];
    expect(secret).not.toBe('');
    expect(shown).toContain('webhook.created');
    await page.locator('tr', { hasText: 'crm' }).getByRole('link').first().click();
    await console.shows('user.merged');
    expect(await console.text()).not.toContain(secret);

    await console.press('Deliver the events of a time again');
    await dialog.getByLabel('From').fill('2026-01-01T00:00:00Z');
    await dialog.getByLabel('Before').fill(new Date().toISOString());
    expect(await console.confirm('Deliver the events of a time again')).toMatch(/Replayed[\s\S]*0/);
    await console.press('Add a secret');
    expect(await console.confirm('Add a secret')).toMatch(/whsec_/);
  });

  it('makes, disables and removes a principal', async () => {
    await openSignedIn('--all-scopes');
    const { page } = console;
    await page.getByRole('link', { name: 'Principals' }).click();
    await console.press('Create a principal');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('exporter');
    const scope = (of: string): Locator =>
      dialog.getByRole('group', { name: of, exact: true }).getByLabel('Read', { exact: true });
    await scope('Users').check();
    await scope('Sessions').check();
    expect(await console.confirm('Create a principal')).toMatch(/cs_ps_\S+[\s\S]*principal\.created/);
    await page.locator('tr', { hasText: 'exporter' }).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'exporter' }).waitFor();
    await console.press('Change the scopes');
    expect(await scope('Users').isChecked()).toBe(true);
    await scope('Sessions').uncheck();
    expect(await console.confirm('Change the scopes')).toContain('principal.changed');
    await console.press('Disable');
    expect(await console.confirm('Disable')).toContain('principal.changed');
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    const card = page.locator('section').first();
    await card.getByRole('button', { name: 'Remove' }).click();
    expect(await console.confirm('Remove')).toContain('principal.removed');
    await page.getByRole('heading', { name: 'Principals' }).first().waitFor();
    await console.settled();
    expect(await console.text()).not.toContain('exporter');
  });

  it('hides a listing, and closes a season of a leaderboard', async () => {
    const { applicationId } = service.application;
    const { boardId } = await service.countersign.json<{ boardId: string }>(
      `board create --application ${applicationId} --name Ladder --rule best --better higher --calendar by-hand`,
    );
    await service.countersign.run(`listing create --application ${applicationId} --key chess --name Chess`);
    await openSignedIn('--all-scopes');
    const { page } = console;
    await page.getByRole('link', { name: 'Listings' }).click();
    await page.getByRole('link', { name: 'Show' }).first().click();
    await console.press('Hide');
    await page.getByRole('dialog').getByLabel('Reason').fill('ticket-4711');
    expect(await console.confirm('Hide')).toContain('listing.hidden');
    await page.getByRole('button', { name: 'Show again' }).waitFor();

    await console.go('boards', boardId);
    await page.getByRole('heading', { name: 'Ladder' }).waitFor();
    await console.press('Close');
    await page.getByRole('dialog').getByLabel('Reason').fill('ticket-4711');
    expect(await console.confirm('Close')).toContain('season_closed');
  });

  it('has no barrier and no sideways scroll on the pages of one thing', async () => {
    const { countersign, application } = service;
    const { applicationId } = application;
    const { boardId } = await countersign.json<{ boardId: string }>(
      `board create --application ${applicationId} --name Ladder --rule best --better higher --calendar weekly`,
    );
    const { principalId } = await service.principal('--scope users:read');
    await countersign.run(`webhook create --name crm --url https://example.com/crm --type user.erased`);
    await openSignedIn('--all-scopes');
    const { page } = console;
    const first = async (list: string): Promise<readonly string[]> => {
      await console.go(list);
      await console.settled();
      const href = await page.locator(`td a[href^="#/${list}/"]`).first().getAttribute('href');
      return (href ?? '').replace('#/', '').split('/');
    };
    const bot = await first('bots');
    for (const path of [
      [...bot, 'recovery'],
      bot,
      ['boards', boardId],
      ['principals', principalId],
      await first('webhooks'),
    ]) {
      await console.go(...path);
      await console.settled();
      if (path.includes('recovery')) await page.getByLabel('Leaked at').fill('2026-01-01T00:00:00Z');
      await console.settled();
      await expectFit(page);
    }
    await console.go('webhooks');
    await console.press('Create a webhook endpoint');
    await page.getByRole('dialog').waitFor();
    await expectNoBarrier(page);
  });

  it('calls no path but that of its page, also where a link names another', async () => {
    await openSignedIn('--all-scopes');
    const paths: string[] = [];
    console.page.on('request', (each) => paths.push(new URL(each.url()).pathname));
    const links = [
      ...PAGES_OF_ONE.flatMap((page) => ['..', '..%2f..%2fhealth'].map((odd) => [page, odd])),
      ...['%2e%2e', '.', '%252e%252e', '..%5c..'].map((odd) => ['applications', odd]),
    ];
    for (const link of links) {
      await console.go(...link, 'settings');
      await console.settled();
      await console.go(...link);
      await console.settled();
    }

    expect(paths.length).toBeGreaterThan(0);
    const pages =
      /^\/v1\/admin\/(?:users|applications|bots|teams|webhooks|boards|listings|principals|wallets)\/(?!\.)[^/]+/;
    expect(paths.filter((path) => !pages.test(path))).toEqual([]);
  });

  it('serves its files and nothing beside them', async () => {
    await openSignedIn('--scope users:read');
    const get = (path: string): Promise<{ status: number; body: string }> =>
      new Promise((resolve, reject) => {
        // As it is: other clients resolve the dots.
        request({ host: '127.0.0.1', port: service.adminPort, path }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body });
          });
        })
          .on('error', reject)
          .end();
      });

    const licences = await get('/console/files/licences.txt');
    expect(licences).toEqual({ status: 200, body: readFileSync('dist/apps/console/licences.txt', 'utf8') });
    expect(licences.body).toMatch(/^react \d[\s\S]*MIT/m);
    for (const odd of [
      ...['..', '.', '', '../index.html', '..%2findex.html', '..%2f..%2f..%2fpackage.json', '%2e%2e/main.js'],
      ...[
        '..%5c..%5cpackage.json',
        '%2fetc%2fpasswd',
        'main.js%00',
        'main.js%2f..%2findex.html',
        './main.js/..',
      ],
      ...['index.html', 'main.js.gz', 'MAIN.JS', '__proto__', 'constructor', 'main.js/', '%c0%ae%c0%ae%2f'],
    ]) {
      const { status, body } = await get(`/console/files/${odd}`);
      expect([400, 404]).toContain(status);
      expect(body).not.toMatch(/root:|"dependencies"|<html/);
    }
  });
});
