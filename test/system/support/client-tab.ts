import type { Frame, Page } from 'playwright-core';
import { until } from '../../support/until';

export type Status = 'loading' | 'signed-in' | 'signed-out' | 'relaunch-needed' | 'unreachable';

/** The account that a call answered, or the code of its error. */
export interface Outcome {
  readonly userId?: string;
}

/** A page with the client in it, or a frame with one. */
export class Tab {
  constructor(
    readonly page: Page,
    private readonly frame: Frame = page.mainFrame(),
  ) {}

  /** Loads the page anew, also where only the fragment of the address differs. */
  async goto(address: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(address);
  }

  async waitFor(status: Status): Promise<void> {
    await this.frame.locator(`html[data-status="${status}"]`).waitFor();
  }

  state(): Promise<{
    userId?: string;
    sessionId?: string;
  }> {
    return this.run('JSON.parse(JSON.stringify(client.session.getSnapshot()))');
  }

  /** The account of the page's session, or the code of the error. */
  me(): Promise<Outcome> {
    return this.call(`'GET', '/v1/me'`);
  }

  /** @param input what `client.call` takes, as source */
  call(input: string): Promise<Outcome> {
    return this.run(`client.call(${input}).then((answer) => answer ?? {}, ({ code }) => ({ code }))`);
  }

  run<T>(expression: string): Promise<T> {
    return this.frame.evaluate<T>(expression);
  }

  /** Stored sessions by their names. */
  kept(storage: 'sessionStorage' | 'localStorage' = 'sessionStorage'): Promise<Record<string, string>> {
    return this.run(
      `Object.fromEntries(Object.entries(${storage}).filter(([name]) => /^countersign:/.test(name)))`,
    );
  }

  /** The stored tokens of the only session. */
  async tokens(): Promise<{ accessToken: string; refreshToken: string }> {
    const [text = ''] = Object.values(await this.kept());
    return (JSON.parse(text) as { pair: { accessToken: string; refreshToken: string } }).pair;
  }

  /** Waits until an expression of the page is true. */
  until(expression: string): Promise<void> {
    return until(() => this.run<boolean>(expression));
  }
}
