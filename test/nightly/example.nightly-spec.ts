import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { patience } from '../runner/patience.cjs';
import { expectNoBarrier } from '../system/support/axe';
import { launchBrowser } from '../system/support/browser';
import { linkOf, startExample, TELEGRAM, type Example } from '../system/support/example';
import { GamePlayer, type RoundBody } from '../system/support/game-player';
import { listens } from '../system/support/program';
import { startNewProject } from '../system/support/new-project';

const INSTALL_AND_BOOT_MS = 400_000 * patience;
const STOP_MS = 60_000 * patience;
/** Of each step in a page. */
const PAGE_LIMIT_MS = 30_000 * patience;
const EXAMPLES = join(__dirname, '../../examples');

describe('npm run example', () => {
  let example: Example;
  let browser: Browser;
  let contexts: BrowserContext[];
  let complaints: string[];

  beforeAll(async () => {
    example = await startExample();
    browser = await launchBrowser();
  }, INSTALL_AND_BOOT_MS);
  afterAll(async () => {
    await browser.close();
    await example.interrupt();
  });
  beforeEach(() => {
    contexts = [];
    complaints = [];
  });
  afterEach(async () => {
    for (const context of contexts) await context.close();
    expect(complaints).toEqual([]);
  });

  /** Opens the link in a new browser context. */
  async function open(link: string): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    context.setDefaultTimeout(PAGE_LIMIT_MS);
    contexts.push(context);
    await context.route('https://telegram.org/**', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: TELEGRAM }),
    );
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (!/status of (4\d\d|503)|ERR_FAILED/.test(message.text())) complaints.push(message.text());
    });
    await page.goto(link);
    return page;
  }

  async function order(page: Page, item: string): Promise<void> {
    const before = await ordersOn(page).count();
    await button(page, `Order ${item}`).click();
    await ordersOn(page).nth(before).waitFor();
  }

  /** Another launch of the Mini App, by Ada, as Telegram signs it. */
  async function anotherLaunch(id = 4_000_000_000_000_001, startParam?: string): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${example.port + 3}/playground/init-data`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, ...(startParam !== undefined && { startParam }) }),
    });
    const { initData } = (await answer.json()) as { initData: string };
    const fragment = new URLSearchParams({ tgWebAppData: initData }).toString();
    return `http://127.0.0.1:${example.port}/#${fragment}`;
  }

  it('is installed from the packed packages, not from the sources', () => {
    for (const name of [
      'mini-app/node_modules/@countersign/client',
      'orders/node_modules/@countersign/identity-token',
      'game/node_modules/@countersign/identity-token',
    ]) {
      expect(lstatSync(join(EXAMPLES, name)).isSymbolicLink()).toBe(false);
      expect(readdirSync(join(EXAMPLES, name))).toEqual(
        expect.arrayContaining(['LICENSE', 'dist', 'package.json']),
      );
      expect(readdirSync(join(EXAMPLES, name))).not.toContain('src');
    }
  });

  it('sends the page with a policy, and without an inline script', async () => {
    const answer = await fetch(`http://127.0.0.1:${example.port}/`);
    const page = await answer.text();

    expect(answer.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self' https://telegram.org; style-src 'self';",
    );
    expect(
      [...page.matchAll(/<script([^>]*)>/g)].every(([, attributes]) => attributes?.includes('src=')),
    ).toBe(true);
    expect(page).not.toContain('<style');
  });

  it('signs in, orders through nginx, logs out, and stays so over a reload', async () => {
    const page = await open(linkOf('Ada Lovelace', example));
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
    expect(await page.evaluate('Telegram.WebApp.calls')).toEqual(['ready']);

    await order(page, 'coffee');
    await page.reload();
    await ordersOn(page).first().waitFor();
    await button(page, 'Refund coffee').first().click();
    await page.getByText('refunded').waitFor();

    await button(page, 'Log out').click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await button(page, 'Sign in').click();
    await page.getByText('refunded').waitFor();
  });

  it('shows no person the orders of another', async () => {
    const ada = await open(linkOf('Ada Lovelace', example));
    await button(ada, 'Order cake').waitFor();
    await order(ada, 'cake');

    const grace = await open(linkOf('Grace Hopper', example));
    await grace.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
    await grace.getByText('You have ordered nothing yet.').waitFor();
    expect(await ordersOn(grace).count()).toBe(0);
  });

  it('rejects requests to the services without a session, and with a forged identity', async () => {
    const orders = `http://127.0.0.1:${example.port + 2}/orders/`;
    const forged = { 'x-user-id': '01a1f851-b1ef-702c-ad59-5b013fcf3b0e', 'x-identity-token': 'e30.e30.e30' };

    const statuses = await Promise.all([
      fetch(orders),
      fetch(orders, { headers: forged }),
      fetch(`http://127.0.0.1:${example.port + 6}/orders/`, { headers: forged }),
      fetch(`http://127.0.0.1:${example.port + 2}/game/rounds`, { method: 'POST', headers: forged }),
      fetch(`http://127.0.0.1:${example.port + 7}/game/rounds`, { method: 'POST', headers: forged }),
    ]);

    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  });

  it('asks for a step-up, deletes the account of the person who confirms it, and lets them keep it', async () => {
    const page = await open(await anotherLaunch(4_000_000_000_000_004));
    await button(page, 'Delete my account').click();
    const href = await page.getByRole('link', { name: 'Confirm in Telegram' }).getAttribute('href');
    const startParam = new URL(href ?? '').searchParams.get('startapp') ?? '';

    const other = await open(await anotherLaunch(4_000_000_000_000_004, startParam));
    await other.getByText('Your account closes now').waitFor();
    await expectNoBarrier(other);
    await button(other, 'Yes, delete my account').click();
    await other.getByRole('heading', { name: 'You are signed out' }).waitFor();

    const later = await open(await anotherLaunch(4_000_000_000_000_004));
    await later.getByRole('heading', { name: 'Your account will be deleted' }).waitFor();
    await later.getByText(/This happens on \d+\/\d+\/\d{4}/).waitFor();
    await expectNoBarrier(later);
    await button(later, 'Keep my account').click();
    await button(later, 'Order coffee').waitFor();
  });

  it('says to people why their sign-in is refused, in words for people', async () => {
    const page = await open(`http://127.0.0.1:${example.port}/`);
    await button(page, 'Sign in').click();

    await page.getByText('Open this page in Telegram, or sign in another way.').waitFor();
    await expectNoBarrier(page);
  });

  it('asks for a new launch after the session was ended elsewhere', async () => {
    const [one, other] = [await open(await anotherLaunch()), await open(await anotherLaunch())];
    await button(one, 'Order tea').waitFor();
    await one.reload();
    const ends = one.getByRole('button', { name: /^End the session/ });
    await ends.first().waitFor();
    for (let left = await ends.count(); left > 0; left -= 1) {
      await ends.first().click();
      await ends.nth(left - 1).waitFor({ state: 'detached' });
    }
    await button(other, 'Order tea').click();
    await other.getByRole('heading', { name: 'Open the app again' }).waitFor();
    await button(other, 'Close').click();
    expect(await other.evaluate('Telegram.WebApp.calls')).toContain('close');
    await expectNoBarrier(other);
  });

  it('counts a round once, in its time, and for its person only', async () => {
    const [player, other] = [await GamePlayer.signIn(example), await GamePlayer.signIn(example)];
    const round = await player.start();
    const { roundId } = round;
    expect(await player.game('rounds', {})).toMatchObject({ status: 409, body: { code: 'round.running' } });

    const raced = await Promise.all(
      Array.from({ length: 20 }, () => player.serve(round, { guest: 1, item: round.wish, points: 999 })),
    );
    expect(raced.map(({ body }) => [body['guest'], body['points']])).toEqual(Array(20).fill([2, 1]));
    const { body: second } = await player.serve(raced[0]?.body as unknown as RoundBody);
    expect(second).toMatchObject({ guest: 3, points: 2 });
    const ofAnother = [await other.serve(round), await other.game(`rounds/${roundId}/result`)];
    expect(ofAnother.map(({ status }) => status)).toEqual([404, 404]);

    const result = { status: 200, body: { points: 2, isSent: true } };
    expect(await player.game(`rounds/${roundId}/result`)).toEqual(result);
    expect(await player.serve(second as unknown as RoundBody)).toMatchObject({
      status: 409,
      body: { code: 'round.over' },
    });
    expect(await player.game(`rounds/${roundId}/result`)).toEqual(result);
    expect((await player.sendScore(roundId, 2, player.clientSecret)).body).toMatchObject({
      results: [{ outcome: 'repeated' }],
    });
    expect((await player.sendScore(roundId, 999, player.clientSecret)).body).toMatchObject({
      results: [{ outcome: 'refused', code: 'board.score_id_reused' }],
    });
    expect((await player.rank()).body).toMatchObject({ score: 2 });
    expect(await other.rank()).toMatchObject({ status: 404, body: { code: 'board.not_ranked' } });
  });

  describe('what `countersign init` writes', () => {
    let project: Awaited<ReturnType<typeof startNewProject>>;

    beforeAll(async () => {
      project = await startNewProject(example);
    }, INSTALL_AND_BOOT_MS);
    afterAll(() => project.stop());
    afterEach(() => {
      // Of the development server.
      complaints = complaints.filter((text) => !/vite|websocket|React DevTools/i.test(text));
    });

    it('goes to the end of the account and back', async () => {
      const launch = `${project.page}/launch?id=4000000000000003`;
      const page = await open(launch);
      await page.getByRole('heading', { name: /^Hello, / }).waitFor();
      await button(page, 'Visit').click();
      await page.getByText('Visits: 1').waitFor();
      await expectNoBarrier(page);
      await button(page, 'Delete my account').click();
      const link = page.getByRole('link', { name: 'Confirm in Telegram' });
      await link.waitFor();

      const other = await open(new URL((await link.getAttribute('href')) ?? '', project.page).href);
      await other.getByText('Your account closes now').waitFor();
      await button(other, 'Yes, delete my account').click();
      await other.getByText('You are signed out.').waitFor();
      await page.getByText(/It is erased on \d+\/\d+\/\d{4}/).waitFor();
      await button(page, 'Keep my account').click();
      await page.getByText('auth.proof_').waitFor();
      const fresh = await open(`${launch}&startapp=o_${'x'.repeat(24)}`);
      await button(fresh, 'Keep my account').click();
      await fresh.getByText('No such request to sign in').waitFor();
    });

    it('says why a sign-in is refused, with the code, and again at the second attempt', async () => {
      /** @returns the text and the code, of the refused launch and of another attempt */
      const refusalsAt = async (link: string): Promise<readonly string[]> => {
        const page = await open(link);
        const refusals = [await page.getByRole('alert').innerText()];
        const answered = page.waitForResponse(/telegram\/init-data/);
        await button(page, 'Try again').click();
        await answered;
        await page.getByRole('button', { name: 'Try again', disabled: false }).waitFor();
        refusals.push(await page.getByRole('alert').innerText());
        await expectNoBarrier(page);
        return refusals.map((text) => text.replaceAll(/\s+/g, ' ').trim());
      };
      const twice = (text: string): readonly string[] => [text, text];
      const launch = `${project.page}/launch?id=4000000000000002`;

      expect(await refusalsAt(launch.replace('127.0.0.1', 'localhost'))).toEqual(
        twice('This origin may not call on behalf of the application request.origin_not_allowed'),
      );

      const { headers } = await fetch(launch, { redirect: 'manual' });
      const forged = new URL(headers.get('location') ?? '', project.page);
      forged.hash = forged.hash.replace('Grace', 'Ada');
      expect(await refusalsAt(forged.href)).toEqual(
        twice('The hash does not match the fields init_data.hash_mismatch'),
      );

      const { stdout } = await project.countersign('bot', 'list', '--json');
      const { id: bot } = JSON.parse(stdout.split('\n')[0] ?? '') as { id: string };
      await project.countersign('bot', 'set', bot, '--status', 'disabled');
      expect(await refusalsAt(launch)).toEqual(
        twice('Nobody can sign in here at the moment. Ask the support of this app. bot.disabled'),
      );
      await project.countersign('bot', 'set', bot, '--status', 'active');
    });
  });

  it(
    'ends everything at Ctrl-C',
    async () => {
      expect(await example.interrupt()).toBe(0);

      const ports = Array.from({ length: 8 }, (_, place) => example.port + place);
      expect(await Promise.all(ports.map(listens))).toEqual(ports.map(() => false));
    },
    STOP_MS,
  );
});

function button(page: Page, name: string): ReturnType<Page['getByRole']> {
  return page.getByRole('button', { name, exact: true });
}

function ordersOn(page: Page): ReturnType<Page['locator']> {
  return page.locator('section', { hasText: 'Your orders' }).locator('li');
}
