import { setTimeout as sleep } from 'node:timers/promises';
import { usePlayground } from '../system/support/playground';

/** More than the page waits between two readings. */
const SOME_READINGS_MS = 4_000;
const PEOPLE = { grace: 4_000_000_000_000_002, alan: 4_000_000_000_000_003 };

describe('the leaderboard of the playground', () => {
  const run = usePlayground();
  const standing = () => run.playground.page.locator('#leaderboard .state');
  const choices = (index: number) => run.playground.page.locator('#leaderboard select').nth(index);
  const press = (button: string) => run.playground.press('leaderboard', button);

  async function follow(): Promise<void> {
    await run.playground.signIn('A new person');
    await press('Follow the board');
    await standing().getByText('You have no score in this season yet.').waitFor();
  }

  async function ask(
    path: string,
    body: object,
    token?: string,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(run.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  }

  /** A person on another device. @returns their access token */
  async function tokenOf(id: number): Promise<string> {
    const { applicationId } = (await (await fetch(`${run.address}/playground/people`)).json()) as {
      applicationId: string;
    };
    const { initData } = (await ask('/playground/init-data', { id })).body as { initData: string };
    const signedIn = await ask('/v1/auth/telegram/init-data', { applicationId, initData });
    return (signedIn.body as { accessToken: string }).accessToken;
  }

  async function boardId(): Promise<string> {
    const { boards } = (await (await fetch(`${run.address}/playground/boards`)).json()) as {
      boards: [{ boardId: string }];
    };
    return boards[0].boardId;
  }

  it('shows the rank of a person live, with the top and the people around', async () => {
    await follow();
    expect(await press('Throw the dice')).toMatch(/^Newcomer \d+ threw [1-6], [1-6], [1-6]\.$/);
    await standing()
      .getByText(/^You are at rank \d+ of \d+, with \d+ points\.$/)
      .waitFor();
    const before = await standing().innerText();

    const grace = await tokenOf(PEOPLE.grace);
    for (let thrown = 0; thrown < 8; thrown += 1)
      expect((await ask('/playground/dice', { boardId: await boardId() }, grace)).status).toBe(201);

    await standing().getByText(before, { exact: true }).waitFor({ state: 'detached' });
    const tables = await run.playground.text('#leaderboard .ranks');
    expect(tables).toMatch(/^The first \d+ of \d+\n/);
    expect(tables.match(/\tYou\t/g)).toHaveLength(2);
    expect(tables).toMatch(/\n\d+\tAccount …[\w-]{6}\t\d+\n/);
  });

  it('reads nothing while the page is hidden, and at once when it is shown', async () => {
    await follow();
    const { page } = run.playground;
    let readings = 0;
    page.on('request', (request) => (readings += Number(request.url().includes('/top?'))));
    const show = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
      );

    await show(true);
    await sleep(SOME_READINGS_MS);
    const whileHidden = readings;
    const reading = page.waitForRequest(/\/top\?/);
    await show(false);
    await reading;

    expect(whileHidden).toBe(0);
  });

  it('says that a season is closed, and shows its final ranks', async () => {
    await follow();
    await press('Throw the dice');
    await standing()
      .getByText(/^You are at rank/)
      .waitFor();
    await press('Close the season, as an operator');
    await standing().getByText('You have no score in this season yet.').waitFor();
    expect(await run.playground.outcome('leaderboard')).toMatch(/The next one has begun|This is season \d+/);

    await choices(1).selectOption({ index: 1 });
    await standing()
      .getByText(/^Season \d+ was closed at .+, and its ranks are final\. You are at rank \d+ of \d+, with/)
      .waitFor();
    await press('Throw the dice');
    expect(await standing().innerText()).toContain('its ranks are final');
  });

  it('says that there is no answer, and goes on when there is', async () => {
    await follow();
    const { page } = run.playground;
    await page.route('**/v1/boards/**', (route) =>
      route.fulfill({ status: 503, headers: { 'retry-after': '1' }, body: '{"code":"service.unavailable"}' }),
    );
    await standing().getByText('No answer at the moment: service.unavailable.').waitFor();
    await page.unroute('**/v1/boards/**');
    await standing().getByText('You have no score in this season yet.').waitFor();
  });

  it('says that a board is refused, and asks no more', async () => {
    await follow();
    await run.playground.page.evaluate(
      "document.querySelector('#leaderboard option').value = crypto.randomUUID()",
    );
    await standing().getByText('Refused: board.not_found').waitFor();
    expect(await run.playground.text('#leaderboard .age')).toBe('Not followed now.');

    await run.playground.press('people', 'Sign out');
    await press('Follow the board');
    await standing().getByText('Refused: Choose a person under “Sign in” first.').waitFor();
  });

  it('takes no score from a page', async () => {
    const board = await boardId();
    const alan = await tokenOf(PEOPLE.alan);
    const score = { id: 'mine', userId: crypto.randomUUID(), score: 18 };

    expect(await ask('/playground/dice', { boardId: board })).toMatchObject({ status: 401 });
    expect(await ask('/playground/dice', { boardId: board, ...score }, alan)).toMatchObject({ status: 400 });
    expect(await ask(`/v1/boards/${board}/scores`, { scores: [score] }, alan)).toMatchObject({
      status: 401,
      body: { code: 'client.unauthenticated' },
    });
  });

  it('fits a phone, and has no barrier that axe finds', async () => {
    await follow();
    await press('Throw the dice');
    await standing()
      .getByText(/^You are at rank/)
      .waitFor();
    await run.playground.hasNoBarrier();
  });

  it('works by keyboard, in the order of the page', async () => {
    await run.playground.signIn('A new person');
    const { page } = run.playground;
    await choices(0).focus();
    const names: string[] = [];
    for (let stop = 0; stop < 5; stop += 1) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate<string>(
          'document.activeElement.labels?.[0]?.firstChild.textContent || document.activeElement.textContent',
        ),
      );
      if (names.at(-1) === 'Follow the board') await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Enter');

    expect(names).toEqual([
      'Season',
      'Follow the board',
      'Close the season, as an operator',
      'Who throws',
      'Throw the dice',
    ]);
    await standing()
      .getByText(/^You are at rank/)
      .waitFor();
  });
});
