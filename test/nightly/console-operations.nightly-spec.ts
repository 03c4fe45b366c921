import { aBotToken } from '../factories';
import { useConsolePage, useConsoleService } from '../system/support/console-service';

const PAGES_OF_ONE = [
  ...['people', 'applications', 'bots', 'teams', 'webhooks', 'boards', 'listings', 'principals', 'wallets'],
];

describe('the console, for operations', () => {
  const service = useConsoleService();
  const console = useConsolePage(service);

  it('replaces the token of a bot that leaked, without an overlap', async () => {
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    await console.go('bots');
    await page.locator('td a').first().click();
    await console.press('Mark as compromised');
    await console.confirm('Mark as compromised');

    await console.press('Replace the token');
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Overlap until').count()).toBe(0);
    const { botToken } = service.application;
    await dialog.getByLabel('Token', { exact: true }).fill(botToken);
    await dialog.getByRole('button', { name: 'Replace the token' }).click();
    expect(await dialog.getByRole('alert').innerText()).toContain('bot.token_unchanged');
    const next = aBotToken(botToken.split(':', 1).join());
    await dialog.getByLabel('Token', { exact: true }).fill(next);
    await console.confirm('Replace the token');
    service.signWith(next);
    expect(await page.content()).not.toContain(next);

    await console.press('Activate');
    await console.confirm('Activate');
    await console.shows('Status: active');
  });

  it('calls no path but that of its page, also where a link names another', async () => {
    await console.signIn(await service.principal('--all-scopes'));
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
});
