import type { BrowserContext, Locator, Page } from 'playwright-core';
import { aBotToken, aPerson } from '../factories';
import { patience } from '../runner/patience.cjs';
import { until } from '../support/until';
import { aBoard } from '../system/support/console-seed';
import { useConsoleService, type ConsolePage } from '../system/support/console-service';

const WALK_MS = 900_000 * patience;
const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
/** What the service answers to a page that sends what it never takes. */
const MISTAKES =
  /^(?:request\.|precondition\.|principal\.(?:scope_missing|unauthenticated)|console\.|unknown)/;
const FOR_PROGRAMS = /Retry-After|Idempotency-Key|\b(?:GET|POST|PATCH|DELETE) \/|changeInstallation/;
/** Buttons that end the walk. */
const NOT_PRESSED = /^(?:Sign out)$/;

describe('every page of the console', () => {
  const service = useConsoleService();
  let context: BrowserContext;
  let console: ConsolePage;
  let names = 0;

  /** A value that the service takes in a field. */
  const valueOf = (label: string, dialog: string): string => {
    names += 1;
    const { applicationId } = service.application;
    const values: readonly (readonly [RegExp, string])[] = [
      [/^@username/, '7000000099'],
      [/request/i, '01a21edc-78f7-70bb-a645-4e08f0a486c7'],
      [/reason/i, 'ticket-1'],
      [/scopes/i, 'users:read'],
      [/wallet/i, '01a21edc-78f7-70bb-a645-4e08f0a486c7'],
      [/application/i, applicationId],
      [/token/i, aBotToken()],
      [/^bot$/i, String(7_000_000_100 + names)],
      [/types/i, 'user.erased'],
      [/systems|^for/i, 'mini-app'],
      [/url/i, `https://example.com/${names}`],
      [/team/i, '01a21edc-78f7-70bb-a645-4e08f0a486c7'],
      [/username/i, `walk_${names}_bot`],
      [/until|expires|before/i, new Date(Date.now() + 86_400_000).toISOString()],
      [/from|leak|after/i, new Date(Date.now() - 86_400_000).toISOString()],
      [/score|number|max|min|days|limit/i, '1'],
      [/key/i, `walk-${names}`],
      [/name|purpose/i, `Walk ${names}`],
    ];
    const found = values.find(([pattern]) => pattern.test(label));
    if (!found) throw new Error(`no value for the field ${label} of ${dialog}`);
    return found[1];
  };

  beforeEach(async () => {
    context = await service.browser.newContext({ acceptDownloads: true });
  });
  afterEach(async () => {
    await context.close();
  });

  it(
    'says in words for people what failed, and loads again when asked to',
    async () => {
      const { userId } = await service.signIn(aPerson());
      console = await service.open(context);
      await console.signIn(await service.principal('--all-scopes'));
      const { page } = console;
      const problem = {
        ...{ type: 'about:blank', status: 503, code: 'audit.unreadable', title: 'Not to be read' },
        detail: 'Wait. Try again after the number of seconds in `Retry-After`.',
      };
      const pages = [
        '',
        'people',
        'audit',
        'applications',
        'bots',
        'webhooks',
        'boards',
        'listings',
        'wallets',
      ];
      for (const path of [...pages, 'principals', 'service', `people/${userId}`]) {
        await page.route(/\/v1\/admin\/(?!console$)|\/health\//, async (route) =>
          route.fulfill({ status: 503, json: problem }),
        );
        await console.go('nowhere');
        await console.go(path);
        await console.settled();
        const alerts = await page.getByRole('alert').allInnerTexts();
        expect([path, alerts.length]).not.toEqual([path, 0]);
        for (const alert of alerts) {
          expect(alert).toMatch(/^Not to be read\n/);
          expect(alert).toMatch(/Try again$/);
          expect(alert).not.toMatch(FOR_PROGRAMS);
        }
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        for (let tries = 0; tries < 20 && (await page.getByRole('alert').count()) > 0; tries += 1) {
          const again = page.getByRole('button', { name: 'Try again' }).first();
          // It goes when its card has loaded.
          await again.click({ timeout: 2_000 }).catch(() => undefined);
          await console.settled();
        }
        expect(await page.getByRole('alert').allInnerTexts()).toEqual([]);
      }
      expect(console.complaints).toEqual([]);
    },
    WALK_MS,
  );

  it(
    'offers no choice and no button whose call the service refuses as a mistake of the page',
    async () => {
      const { application, countersign } = service;
      const { applicationId } = application;
      const person = aPerson();
      await service.signIn(person);
      await service.signIn(person);
      await aBoard(service);
      await countersign.run(`listing create --application ${applicationId} --key chess --name Chess`);
      await countersign.run('webhook create --name crm --url https://example.com/crm --type user.erased');
      console = await service.open(context);
      await console.signIn(await service.principal('--all-scopes'));
      // The newest one is the first of its list: what is pressed there is done to it.
      await service.principal('--scope users:read');
      const walk = new Walk(console, valueOf);
      await walk.all([
        // First: other pages have links to the operator, whose session would end.
        'principals',
        '',
        'people',
        'audit',
        'applications',
        'boards',
        'listings',
        'webhooks',
        'wallets',
        'bots',
        'service',
      ]);

      expect(walk.mistakes).toEqual([]);
      expect(console.complaints).toEqual([]);
      expect(walk.shapes).toEqual(
        expect.arrayContaining([
          ...['people/*', 'applications/*', 'applications/*/settings', 'bots/*', 'boards/*'],
          ...['listings/*', 'webhooks/*', 'principals/*'],
        ]),
      );
      expect(walk.pressed).toBeGreaterThan(50);
    },
    WALK_MS,
  );
});

/** Goes through all pages that links lead to, one of each shape, and uses all that can be chosen and pressed there. */
class Walk {
  readonly mistakes: string[] = [];
  readonly shapes: string[] = [];
  pressed = 0;
  private readonly done = new Set<string>();
  private at = '';
  private readonly page: Page;

  constructor(
    private readonly console: ConsolePage,
    private readonly valueOf: (label: string, dialog: string) => string,
  ) {
    this.page = console.page;
    this.page.on('response', (response) => {
      const status = response.status();
      if (status < 400 || !response.url().includes('/v1/admin/')) return;
      void response.json().then(
        ({ code = '' }: { code?: string }) => {
          if (status >= 500 || MISTAKES.test(code))
            this.note(
              `${response.request().method()} ${response.url()}: ${status} ${code} ${response.request().postData() ?? ''}`,
            );
        },
        () => undefined,
      );
    });
  }

  async all(starts: readonly string[]): Promise<void> {
    for (const start of starts) {
      const waiting = [start];
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
        const shape = path.replaceAll(ID, '*');
        if (this.shapes.includes(shape)) continue;
        this.shapes.push(shape);
        await this.one(path);
        await this.open(path);
        for (const link of await this.page.locator('main a[href^="#/"]').all())
          waiting.push(((await link.getAttribute('href')) ?? '').slice(2));
      }
    }
  }

  private async one(path: string): Promise<void> {
    await this.open(path);
    const tabs = await this.page.getByRole('tab').allInnerTexts();
    for (const tab of tabs.length > 0 ? tabs : [null]) {
      if (tab !== null) await this.page.getByRole('tab', { name: tab }).click();
      await this.console.settled();
      this.at = `${path.replaceAll(ID, '*')} ${tab ?? ''}`;
      await this.choose();
      await this.pressAll(path, tab);
    }
  }

  /** Each option of each choice that is not in a dialog, with its form sent. */
  private async choose(): Promise<void> {
    for (const select of await this.page.locator('main select').all())
      for (const option of await select.locator('option').all()) {
        await select.selectOption(await option.getAttribute('value'));
        await this.console.settled();
      }
  }

  private async pressAll(path: string, tab: string | null): Promise<void> {
    for (let name = await this.nextButton(); name !== null; name = await this.nextButton()) {
      await this.press(name);
      if ((await this.page.getByText('Use a secret instead').count()) > 0) {
        this.note(`${name} ended the session of the operator`);
        return;
      }
      await this.open(path);
      if (tab !== null) await this.page.getByRole('tab', { name: tab }).click();
      await this.console.settled();
    }
  }

  /** @returns the name of a button that was not pressed on pages of this shape */
  private async nextButton(): Promise<string | null> {
    for (const name of await this.page.locator('main button:enabled:visible').allInnerTexts()) {
      const key = `${this.at.split(' ', 1).join()} ${name}`;
      if (name.trim() === '' || NOT_PRESSED.test(name) || this.done.has(key)) continue;
      this.done.add(key);
      return name;
    }
    return null;
  }

  /** Once, and for each other option of a dialog again. */
  private async press(name: string): Promise<void> {
    for (let variant = 0, variants = 1; variant < variants; variant += 1) {
      await this.console.openMenus();
      const button = this.page.locator('main').getByRole('button', { name, exact: true }).first();
      if (variant > 0 && (await button.count()) === 0) return;
      const form = button.locator('xpath=ancestor::form');
      if ((await form.count()) > 0) await this.fill(form.first(), name);
      await button.click();
      this.pressed += 1;
      await this.console.settled();
      const dialog = this.page.getByRole('dialog');
      if ((await dialog.count()) === 0) return;
      variants = await this.chooseVariant(dialog, variant);
      await this.fill(dialog, name);
      await dialog.locator('button[type=submit]').click();
      const done = dialog.getByRole('heading', { name: 'Done' });
      const alerts = dialog.getByRole('alert');
      const isOver = until(async () => (await done.or(alerts).count()) > 0 || (await dialog.count()) === 0);
      await isOver.catch(() => this.note(`${name} ends with nothing`));
      // The own session has ended.
      if ((await dialog.count()) === 0) return;
      for (const alert of await dialog.getByRole('alert').allInnerTexts())
        if (FOR_PROGRAMS.test(alert)) this.note(`${name} says: ${alert}`);
      await dialog
        .locator('button:not([type=submit])', { hasText: /^(?:Close|Cancel|I have stored it)$/ })
        .click();
      await dialog.waitFor({ state: 'detached' });
      await this.console.settled();
    }
  }

  /** Chooses one option more than before. @returns how many ways there are */
  private async chooseVariant(dialog: Locator, variant: number): Promise<number> {
    let count = 0;
    for (const select of await dialog.locator('select').all()) {
      const options = await select.locator('option').all();
      const own = variant - count;
      if (own > 0 && own < options.length) await select.selectOption({ index: own });
      count += options.length - 1;
    }
    return count + 1;
  }

  private async fill(form: Locator, name: string): Promise<void> {
    for (const field of await form.locator('input[required], textarea[required]').all()) {
      if ((await field.inputValue()) !== '') continue;
      const id = (await field.getAttribute('id')) ?? '';
      const label = await this.page.locator(`label[for="${id}"]`).innerText();
      await field.fill(this.valueOf(label, name));
    }
    for (const select of await form.locator('select[required]').all())
      if ((await select.inputValue()) === '') await select.selectOption({ index: 1 });
    const check = form.locator('input[type=checkbox]').first();
    if ((await check.count()) > 0) await check.check();
  }

  private async open(path: string): Promise<void> {
    await this.console.go('nowhere');
    await this.console.go(...path.split('/'));
    await this.console.settled();
  }

  private note(text: string): void {
    this.mistakes.push(`${this.at}: ${text}`);
  }
}
