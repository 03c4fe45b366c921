import type { Browser } from 'playwright-core';
import { patience } from '../runner/patience.cjs';
import { launchBrowser } from '../system/support/browser';
import { Playground } from '../system/support/playground';
import { freePort, startScript, type RunningScript } from '../system/support/program';

const INSTALL_AND_RUN_MS = 400_000 * patience;
const STOP_MS = 60_000 * patience;

describe('npm run example:wallet', () => {
  const port = freePort().then((free) => 30_000 + (free % 2_000) * 10);
  let example: RunningScript;
  let browser: Browser;
  let playground: Playground;

  beforeAll(async () => {
    const words = ['scripts/example-wallet.mjs', '--port', String(await port)];
    example = await startScript(words, { ...process.env, PATIENCE: undefined }, 'Ctrl-C ends everything.');
    browser = await launchBrowser();
  }, INSTALL_AND_RUN_MS);
  afterAll(async () => {
    await browser.close();
    example.child.kill('SIGINT');
    await example.ended;
  }, STOP_MS);
  beforeEach(async () => {
    playground = await Playground.open(await browser.newContext(), `http://127.0.0.1:${await port}`);
    await playground.signIn('A new person');
  });
  afterEach(async () => {
    expect(playground.complaints).toEqual([]);
    await playground.page.context().close();
  });

  const sends = () => playground.page.locator('#sends');
  const latest = () => playground.text('#sends article >> nth=0');

  async function fill(chain: string, asset: string, amount: string): Promise<void> {
    await sends().getByLabel('Chain').selectOption(chain);
    await sends().getByRole('option', { name: asset, exact: true }).waitFor({ state: 'attached' });
    await sends().getByLabel('What').selectOption(asset);
    await sends().getByLabel('Amount').fill(amount);
  }

  /** Answers what the page asks before a send. @returns what it asks */
  async function answer(label: 'Send it' | 'Do not send'): Promise<string> {
    await sends().getByRole('button', { name: 'Send', exact: true }).click();
    const question = sends().locator('.question');
    const asked = await question.innerText();
    await question.getByRole('button', { name: label }).click();
    return asked;
  }

  it('shows the delay of a first send, coins and a token on two chains, and that a key is used once', () => {
    const { output } = example;
    for (const [chain, coin] of [
      ['anvil', 'ETH'],
      ['ton', 'GRAM'],
    ]) {
      expect(output).toMatch(new RegExp(`${chain}: the wallet \\S+ of Ada has test coins\\.`));
      for (const asset of [coin, 'USDT'])
        expect(output).toMatch(
          new RegExp(
            `${chain}: Ada sends 0\\.5 ${asset}, for at most [\\d.]+ ${coin}\\.\\n(?: {4}.*\\n)+` +
              '  The same key again: the same send\\.\\n  (?:\\w+, )*final',
          ),
        );
      expect(output).toContain(`  Grace has 0.5 ${coin}. Confirmed, and final.`);
    }
    expect(output.match(/ {2}waiting: the first send to Grace waits until \d{4}-/g)).toHaveLength(2);
    expect(output.match(/ {2}not-sent: Ada has cancelled it\./g)).toHaveLength(2);
    expect(output.match(/ {2}Grace has 0\.5 USDT\. Confirmed, and final\./g)).toHaveLength(2);
  });

  it.each([
    ['anvil', 'ETH', 'ETH', 'It is final.'],
    ['ton', 'USDT', 'GRAM', 'It is final. The receiver has it.'],
  ])('has a page that sends on %s, and follows it to the end', async (chain, asset, coin, end) => {
    await fill(chain, asset, '0.5');
    expect(await playground.press('sends', 'Get test coins')).toMatch(/ got \w+ and USDT\.$/);
    expect(await playground.press('sends', 'What would it cost?')).toMatch(
      new RegExp(`^At most [\\d.]+ ${coin} beside the amount\\.$`),
    );

    expect(await answer('Do not send')).toContain('What would be sent');
    await sends().getByText('Nothing was sent.').waitFor();
    await answer('Send it');

    await sends().locator('.outcome').getByText(end, { exact: true }).waitFor();
    await sends().locator('article .state').first().getByText(end, { exact: true }).waitFor();
    await playground.hasNoBarrier();
  });

  it('has a page that lets a large send wait for the launch that names it', async () => {
    await fill('anvil', 'ETH', '2');
    await playground.press('sends', 'Get test coins');
    const opened = playground.page.context().waitForEvent('page');
    await answer('Send it');
    const second = Playground.of(await opened);
    await second.waitFor('signed-in');
    expect(await second.text('#sends .question')).toMatch(
      /What waits for you\s+Send 2 coins of eip155:31337/,
    );
    expect(await latest()).toContain('It waits: nothing is signed yet.');

    expect(await second.press('sends', 'Confirm the send')).toBe('It is confirmed: broadcasting.');

    await sends().locator('.outcome').getByText('It is final.', { exact: true }).waitFor();
    expect(second.complaints).toEqual([]);
  });

  it('has a page that cancels what waits, and says what is no amount', async () => {
    await fill('anvil', 'ETH', '1,5');
    expect(await playground.press('sends', 'What would it cost?')).toBe(
      'That is no amount of ETH: write it like 0.5.',
    );
    await fill('anvil', 'ETH', '3');
    await playground.press('sends', 'Get test coins');
    const opened = playground.page.context().waitForEvent('page');
    await answer('Send it');
    await (await opened).close();

    expect(await playground.press('sends', 'Cancel it')).toBe('It is cancelled: nothing is sent.');

    expect(await latest()).toContain('It moved nothing, and never will.');
  });

  it('has a page that repeats a lost send with its key', async () => {
    await fill('anvil', 'ETH', '0.25');
    await playground.press('sends', 'Get test coins');
    const keys: string[] = [];
    await playground.page.route(/\/sends$/, async (route) => {
      if (route.request().method() === 'GET') return route.continue();
      keys.push((route.request().postDataJSON() as { key: string }).key);
      await route.fetch();
      return keys.length === 1 ? route.fulfill({ status: 503, body: '' }) : route.continue();
    });
    await answer('Send it');
    await sends().locator('.outcome.problem').waitFor();
    await answer('Send it');

    await sends().locator('.outcome').getByText('It is final.', { exact: true }).waitFor();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await sends().locator('article').count()).toBe(1);
  });
});
