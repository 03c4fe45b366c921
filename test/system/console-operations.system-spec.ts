import { request } from 'node:http';
import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';
import { aBotToken, aPerson } from '../factories';
import { useConsoleService, type ConsolePage } from './support/console-service';

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
    for (const name of ['Replace the token', 'Set active'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);

    await console.press('Mark as compromised');
    expect(await console.confirm('Mark as compromised')).toContain('bot.changed');
    await console.press('End the sessions');
    expect(await console.confirm('End the sessions')).toMatch(/ended|sessions/i);
    expect(await console.text()).toContain('countersign team list-changed --bot');
    await page.getByRole('button', { name: 'Replace the token' }).waitFor();
    expect(await page.getByRole('button', { name: 'Set active' }).count()).toBe(0);

    await console.press('Replace the token');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Overlap until').count()).toBe(0);
    const { botToken } = service.application;
    await dialog.getByLabel('New token').fill(botToken);
    await dialog.getByRole('button', { name: 'Replace the token' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('bot.token_unchanged');
    const next = aBotToken(botToken.split(':', 1).join());
    await dialog.getByLabel('New token').fill(next);
    const shown = await console.confirm('Replace the token');
    service.signWith(next);
    expect(shown).toContain('bot.token_rotated');
    expect(shown).not.toContain(next);

    await page.getByRole('button', { name: 'Set active' }).waitFor();
    await console.press('Set active');
    expect(await console.confirm('Set active')).toContain('bot.changed');
    await console.shows('7. Set the bot active');
  });

  it('replaces a token with the overlap that it is given', async () => {
    await openSignedIn('--all-scopes');
    const { page } = console;
    await console.go('bots');
    await page.getByRole('link', { name: 'Show' }).first().click();
    await console.press('Replace the token');
    const next = aBotToken(service.application.botToken.split(':', 1).join());
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New token').fill(next);
    await dialog.getByLabel('Overlap until').fill('2099-01-01T00:00:00Z');
    expect(await console.confirm('Replace the token')).toContain('bot.token_rotated');
    service.signWith(next);
    await console.shows('2099');
  });

  it('calls no path but that of its page, whatever a link says', async () => {
    await openSignedIn('--all-scopes');
    const paths: string[] = [];
    console.page.on('request', (each) => paths.push(new URL(each.url()).pathname));
    for (const odd of ['..', '%2e%2e', '.', '..%2f..%2fhealth', '%252e%252e', '..%5c..'])
      for (const page of ['people', 'applications', 'bots', 'teams', 'webhooks']) {
        await console.go(page, odd, 'settings');
        await console.settled();
        await console.go(page, odd);
        await console.settled();
      }

    expect(paths.length).toBeGreaterThan(0);
    const pages = /^\/v1\/admin\/(?:users|applications|bots|teams|webhooks)\/(?!\.)[^/]+/;
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
