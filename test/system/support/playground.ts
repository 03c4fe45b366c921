import type { BrowserContext, Page } from 'playwright-core';
import { patience } from '../../runner/patience.cjs';
import { launchBrowser } from './browser';
import { useFixture } from '../../support/use-fixture';
import { startDevelopment } from './development';

const BUILD_AND_BOOT_MS = 300_000 * patience;

/**
 * What `npm start` runs, for the tests of a describe block, and its page in a browser of its own for each test, which ends without a
 * complaint of the browser.
 */
export function usePlayground() {
  const service = useFixture(() => startDevelopment(), {
    close: (running) => running.stop(),
    timeoutMs: BUILD_AND_BOOT_MS,
  });
  const browser = useFixture(() => launchBrowser(), { close: (launched) => launched.close() });
  const playground = useFixture(async () => Playground.open(await browser.newContext(), service.address), {
    per: 'test',
    close: async ({ complaints, page }) => {
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  });
  return { service, playground };
}

/** The page of the playground, as a person uses it. */
class Playground {
  private constructor(
    readonly page: Page,
    /** What the browser complained about, but refusals of the service. */
    readonly complaints: string[],
  ) {}

  static async open(context: BrowserContext, address: string): Promise<Playground> {
    const playground = Playground.of(await context.newPage());
    await playground.page.goto(`${address}/playground`);
    await playground.waitFor('signed-out');
    return playground;
  }

  static of(page: Page): Playground {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (!/status of (4\d\d|503)/.test(message.text())) complaints.push(message.text());
    });
    return new Playground(page, complaints);
  }

  /** @param state that of the session, as the page shows it */
  async waitFor(state: string): Promise<void> {
    await this.page.locator(`#who[data-status="${state}"]`).waitFor();
  }

  async signIn(person: string): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.button(person).click()]);
    await this.waitFor('signed-in');
  }

  /** Presses a button. @returns what the page says came of it */
  async press(button: string): Promise<string> {
    await this.button(button).click();
    await this.page.locator('body:not(:has([aria-busy]))').waitFor();
    return this.text('#outcome');
  }

  /** Presses a button that opens the consent bot, where the person accepts. @returns its page */
  async accept(button: string): Promise<Page> {
    const opened = this.page.context().waitForEvent('page');
    await this.button(button).click();
    const consent = await opened;
    const accept = consent.getByRole('button', { name: 'Accept' });
    await accept.click();
    await accept.waitFor({ state: 'detached' });
    return consent;
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).innerText();
  }

  /** Requests, newest first: `POST /v1/auth/refresh 200`. */
  requests(): Promise<string[]> {
    return this.page.locator('#requests summary').allInnerTexts();
  }

  private button(name: string): ReturnType<Page['locator']> {
    return this.page.getByRole('button', { name, exact: true });
  }
}
