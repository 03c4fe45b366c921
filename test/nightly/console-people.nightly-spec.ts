import type { BrowserContext } from 'playwright-core';
import { aPerson } from '../factories';
import { expectNoBarrier } from '../system/support/axe';
import { useConsoleService, type ConsolePage } from '../system/support/console-service';

/** Runs where a page makes markup of it. */
const NAME = '<img/src=x/onerror=alert(1)>';
const SUPPORT = ['users:read', 'users:reveal', 'users:export', 'users:erase', 'audit:read'];

describe('the console, about people', () => {
  const service = useConsoleService();
  const contexts: BrowserContext[] = [];

  const open = async (scopes: readonly string[], width = 1_280): Promise<ConsolePage> => {
    const context = await service.browser.newContext({ viewport: { width, height: 800 } });
    contexts.push(context);
    const principal = await service.principal(scopes.map((scope) => `--scope ${scope}`).join(' '));
    await context.clock.install();
    const console = await service.open(context);
    await console.signIn(principal);
    return console;
  };
  const openOfProvider = async (sub: string, scopes: readonly string[]): Promise<ConsolePage> => {
    const context = await service.browser.newContext();
    contexts.push(context);
    await context.clock.install();
    return service.openOfProvider(context, sub, scopes);
  };

  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  it('shows personal fields for a minute', async () => {
    const { userId } = await service.signIn(aPerson({ first_name: NAME }));
    const asking = await openOfProvider('ada', SUPPORT);
    const dialog = asking.page.getByRole('dialog');
    await asking.goToPerson({ userId });
    await asking.press('Reveal');
    await dialog.getByLabel('First name').check();
    await dialog.getByLabel('Reason').fill('ticket-4711');
    await dialog.getByRole('button', { name: 'Reveal' }).click();
    await dialog.getByRole('heading', { name: 'Done' }).waitFor();
    expect(await dialog.innerText()).toContain(NAME);
    await expectNoBarrier(asking.page);
    await asking.page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(1);
    await asking.page.clock.fastForward(61_000);
    await dialog.getByText('The fields are hidden again.').waitFor();
    expect(await asking.page.content()).not.toContain('onerror');
    expect(asking.complaints).toEqual([]);
  });

  it('shows a list whose answer breaks off as an error, and not as an empty one', async () => {
    const console = await open(SUPPORT);
    for (const body of ['{"items":[{"action":"us', '{}']) {
      await console.page.route('**/v1/admin/audit**', (route) => route.fulfill({ status: 200, body }));
      await console.go('audit');
      await console.page.getByRole('alert').first().waitFor();
      expect(await console.text()).toContain('The answer is incomplete');
      expect(await console.text()).not.toContain('Nothing was recorded');
      await console.go();
      await console.settled();
      await console.page.unroute('**/v1/admin/audit**');
    }
  });

  it('loses no secret that is shown once, by the Escape key or a click beside', async () => {
    const context = await service.browser.newContext();
    contexts.push(context);
    const console = await service.open(context);
    await console.signIn(await service.principal('--all-scopes'));
    const { page } = console;
    const dialog = page.getByRole('dialog');
    await console.go('principals');
    await console.press('Create a principal');
    await dialog.getByLabel('Name').fill('laptop');
    await dialog.getByRole('group', { name: 'Users', exact: true }).getByLabel('Read').check();
    await dialog.getByRole('button', { name: 'Create a principal' }).click();
    await dialog.getByText('cs_ps_').waitFor();
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await dialog.getByText('cs_ps_').count()).toBe(1);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await console.shows('laptop');
    expect(await page.content()).not.toContain('cs_ps_');
  });

  it('shows nothing of a person after the session, also where nothing is pressed', async () => {
    const { userId } = await service.signIn(aPerson());
    const console = await open(SUPPORT);
    await console.goToPerson({ userId });
    const other = await console.page.context().newPage();
    await other.goto(`${service.url}/console`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByText('Use a secret instead').waitFor();
    expect(await console.text()).toContain(userId);

    await console.page.clock.fastForward(31 * 60_000);
    await console.page.getByText('Use a secret instead').waitFor();
    expect(await console.page.content()).not.toContain(userId);
  });
});
