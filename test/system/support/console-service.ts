import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { anInitData, type Person, type SignInBody } from '../../factories';
import { patience } from '../../runner/patience.cjs';
import { CompanyProvider } from '../../support/company-provider';
import { Countersign } from '../../support/run-countersign';
import { createTestDatabase, databaseEnvironment, type TestDatabase } from '../../support/test-database';
import { until } from '../../support/until';
import { useFixture } from '../../support/use-fixture';
import { anApplication, type Application } from './application';
import { launchBrowser } from './browser';
import { freePort, startScript, type RunningScript } from './program';

/** The answer to a sign-in, with what a launch for a step-up or a join brings. */
export interface SignIn extends SignInBody {
  readonly stepUp?: { readonly grant: string };
  readonly join?: { readonly grant: string };
}

interface Created {
  readonly principalId: string;
  readonly clientSecret: string;
}

/** The built service with its console, and a provider of the company, in processes and on ports of their own. */
export class ConsoleService {
  readonly telegram = new FakeTelegram();
  readonly countersign: Countersign;
  /** The application that people sign in to. */
  application: Application;
  browser: Browser;
  private script: RunningScript;
  private count = 0;

  private constructor(
    private readonly database: TestDatabase,
    private readonly keys: string,
    readonly provider: CompanyProvider,
    readonly port: number,
    readonly adminPort: number,
    private readonly more: NodeJS.ProcessEnv,
  ) {
    this.countersign = Countersign.keptOpen(
      { database, keys },
      { COUNTERSIGN_ADMIN_URL: `http://127.0.0.1:${adminPort}` },
    );
  }

  /** @param more of its environment */
  static async start(more: NodeJS.ProcessEnv = {}): Promise<ConsoleService> {
    const service = new ConsoleService(
      await createTestDatabase(),
      JSON.stringify(generateKeyRing()),
      await CompanyProvider.start(),
      await freePort(),
      await freePort(),
      more,
    );
    await service.boot();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.adminPort}`;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.countersign.close();
    this.script.child.kill('SIGTERM');
    await this.script.ended;
    await this.provider.stop();
    await this.database.drop();
  }

  /** After the token of the bot was replaced. */
  signWith(botToken: string): void {
    this.application = { ...this.application, botToken };
  }

  async signIn(person: Person, launch: { readonly startParam?: string } = {}): Promise<SignIn> {
    const { applicationId, botToken } = this.application;
    const initData = anInitData(this.telegram, botToken, person, { authDate: new Date(), ...launch });
    return this.call<SignIn>('POST', '/v1/auth/telegram/init-data', { applicationId, initData });
  }

  /** A call of the public API. @param authorization an access token, or the header */
  async call<T>(
    method: string,
    path: string,
    body: object | null = null,
    authorization?: string,
    grant?: string,
  ): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(authorization === undefined
          ? {}
          : { authorization: authorization.includes(' ') ? authorization : `Bearer ${authorization}` }),
        ...(grant === undefined ? {} : { 'x-step-up-grant': grant }),
      },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** A principal that a person signs in with. @param scopes of the command, such as `--all-scopes` */
  async principal(scopes: string): Promise<Created> {
    this.count += 1;
    return this.countersign.json<Created>(`principal create --name staff-${this.count} ${scopes}`);
  }

  async open(context: BrowserContext): Promise<ConsolePage> {
    const page = await context.newPage();
    const console = new ConsolePage(page);
    await page.goto(`${this.url}/console`);
    return console;
  }

  /** Signs a person in with the company account. Approvals are of such people. */
  async openOfProvider(
    context: BrowserContext,
    sub: string,
    scopes: readonly string[],
  ): Promise<ConsolePage> {
    this.provider.person = { sub, preferred_username: sub, realm_access: { roles: scopes } };
    const console = await this.open(context);
    await console.page.getByRole('link', { name: 'Sign in with the company account' }).click();
    await console.page.getByRole('button', { name: 'Sign out' }).waitFor();
    return console;
  }

  private async boot(): Promise<void> {
    this.application = await anApplication(this.countersign, {});
    const bot = this.application.botToken.split(':', 1).join();
    // Builds first, where the sources have changed.
    const environment = {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      NODE_ENV: 'test',
      ...databaseEnvironment(this.database),
      ...this.provider.environment,
      KEYS: this.keys,
      PORT: String(this.port),
      GATEWAY_PORT: String(await freePort()),
      ADMIN_PORT: String(this.adminPort),
      CONSOLE_URL: this.url,
      DEMO_TELEGRAM_KEY: `${bot}:${this.telegram.publicKeyHex}`,
      WEBHOOK_ALLOWED_TARGETS: '127.0.0.1',
      JOBS: 'off',
      ...this.more,
      PATIENCE: String(patience),
    };
    this.script = await startScript(['scripts/start.mjs'], environment, '"listening"');
    this.browser = await launchBrowser();
  }
}

export function useConsoleService(more: () => NodeJS.ProcessEnv = () => ({})): ConsoleService {
  return useFixture(() => ConsoleService.start(more()), { close: (service) => service.stop() });
}

/** A page for each test, in a browser of its own. It has to complain of nothing. */
export function useConsolePage(service: ConsoleService): ConsolePage {
  return useFixture(async () => service.open(await service.browser.newContext()), {
    per: 'test',
    close: async ({ complaints, page }) => {
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  });
}

/** The required headers that a request of the page lacks. */
function headersLackingIn(request: Request): readonly string[] {
  const [method, headers] = [request.method(), request.headers()];
  const { pathname } = new URL(request.url());
  const isAct = method !== 'GET' && pathname.startsWith('/v1/admin/');
  if (!isAct || /\/console\/session$|\/users\/lookup$/.test(pathname)) return [];
  return ['idempotency-key'].filter((name) => !headers[name]);
}

/** The page of the console, as an operator uses it. */
export class ConsolePage {
  /** What the browser complained about, but refusals of the service. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      const text = message.text();
      if (['error', 'warning'].includes(message.type()) && !text.includes('Failed to load resource'))
        this.complaints.push(text);
    });
    page.on('request', (request) => {
      const lacking = headersLackingIn(request);
      if (lacking.length > 0)
        this.complaints.push(`${request.method()} ${request.url()} lacks ${lacking.join(', ')}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  async signIn({ principalId, clientSecret }: Created): Promise<void> {
    await this.page.getByText('Use a secret instead').click();
    await this.page.getByLabel('Principal').fill(principalId);
    await this.page.getByLabel('Secret', { exact: true }).fill(clientSecret);
    await this.press('Sign in');
    await this.page.getByRole('heading', { name: 'Home' }).waitFor();
  }

  async go(...path: readonly string[]): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(`#/${path.join('/')}`)}`);
  }

  async openMenus(): Promise<void> {
    await this.page.evaluate(
      `for (const each of document.querySelectorAll('details')) each.setAttribute('open', '')`,
    );
  }

  /** Opens the menu that has the button, if one does. */
  async press(name: string): Promise<void> {
    const button = this.page.getByRole('button', { name, exact: true }).first();
    const menu = this.page.locator('details.menu:not([open])', { hasText: name });
    await button.or(menu).first().waitFor();
    if ((await button.count()) === 0) await menu.locator('summary').click();
    await button.click();
  }

  /** The page of a person, whose title is what an operator may know of them. */
  async goToPerson({ userId }: Pick<SignIn, 'userId'>): Promise<void> {
    await this.go('people', userId);
    await this.page.getByRole('heading', { level: 1, name: `…${userId.slice(-8)}` }).waitFor();
  }

  /** Confirms the open dialog, and closes it if it shows something. @returns its text, or the notice where it closes itself */
  async confirm(name: string): Promise<string> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    const shown = dialog.getByRole('heading', { name: 'Done' }).or(dialog.getByRole('alert'));
    await until(async () => (await dialog.count()) === 0 || (await shown.count()) > 0);
    if ((await dialog.count()) === 0) return this.text('.notice');
    expect(await dialog.getByRole('alert').allInnerTexts()).toEqual([]);
    const text = await dialog.innerText();
    await dialog.getByRole('button', { name: /^(?:Close|I have stored it)$/ }).click();
    await dialog.waitFor({ state: 'detached' });
    return text;
  }

  /** When nothing is loading any more. */
  async settled(): Promise<void> {
    await this.page.waitForLoadState('networkidle');
    await this.page.getByText('Loading …').first().waitFor({ state: 'detached' });
  }

  /** Waits for it: an answer may still be on its way. */
  async shows(text: string): Promise<void> {
    await until(async () => (await this.text()).includes(text));
  }

  text(selector = 'main'): Promise<string> {
    return this.page.locator(selector).innerText();
  }
}
