import { aPerson, type Person } from '../factories';
import { SIGN_IN, useDevice, usePlace } from '../system/support/client-in-browser';
import type { Tab } from '../system/support/client-tab';

const place = usePlace();
const device = useDevice(place);

/** What telegram-web-app.js has, of which links are written down instead of opened. */
const TELEGRAM = `window.opened = [];
  window.Telegram = { WebApp: { openTelegramLink: (url) => void window.opened.push(url) } }`;

beforeEach(() => device.context.addInitScript(TELEGRAM));

/** Another launch by the person, as Telegram signs it. */
async function launch(person: Person, startParam?: string, tab?: Tab): Promise<Tab> {
  const initData = place.initData(person, 'usual', startParam === undefined ? {} : { startParam });
  const opened = tab ?? (await device.openBlank());
  await opened.goto(place.addressOf({ initData }));
  await opened.waitFor('signed-in');
  return opened;
}

/** Asks for a step-up. @returns the start parameter of the link that the page has opened */
async function askFor(first: Tab, act: string): Promise<string> {
  const asking = `acts.stepUp(client, '${act}', { wanted: { colour: 'red' } })`;
  await first.run(`${asking}.then((asked) => void (window.asked = asked))`);
  return startParamOf(await first.run<string>('opened.at(-1)'));
}

function startParamOf(link: string): string {
  expect(link).toMatch(/^https:\/\/t\.me\/test_bot\?startapp=[sj]_[A-Za-z0-9]{24}$/);
  return new URL(link).searchParams.get('startapp') ?? '';
}

/** What the page shows to the person, before anything is done; null without an act. */
function resumed(second: Tab): Promise<{ act: string; title: string; wanted?: object } | null> {
  return second.run('JSON.parse(JSON.stringify((window.act = acts.resumeAct(client))))');
}

/** Runs a call in the page. @returns its answer, or the code of its error */
function outcomeOf<T = object>(tab: Tab, call: string): Promise<T & { readonly code?: string }> {
  return tab.run(`${call}.then((answer) => answer ?? {}, ({ code }) => ({ code }))`);
}

const EXPORT = `'GET', '/v1/me/export'`;

describe.each([
  { storage: 'kept', firstPage: 'alive' },
  { storage: 'kept', firstPage: 'gone' },
  { storage: 'lost', firstPage: 'alive' },
  { storage: 'lost', firstPage: 'gone' },
])('a step-up whose storage is $storage, and whose first page is $firstPage', ({ storage, firstPage }) => {
  it('exports in the second instance, once, after the person has confirmed it', async () => {
    const person = aPerson();
    const first = await launch(person);
    await first.run(`void history.pushState(null, '', location.search + '&at=orders' + location.hash)`);
    const before = await first.state();
    const startParam = await askFor(first, 'account.export');
    if (storage === 'lost') await first.run('void localStorage.clear()');
    if (firstPage === 'gone') await first.page.close();

    const second = await launch(person, startParam);
    await second.run(`void addEventListener('popstate', () => (window.routed = location.search))`);
    expect(await resumed(second)).toEqual({
      act: 'account.export',
      title: 'Export everything that is stored about you',
      ...(storage === 'kept' && { wanted: { colour: 'red' } }),
    });
    const routed = await second.run<string | null>('window.routed ?? null');
    expect(routed).toEqual(storage === 'kept' ? expect.stringMatching(/&at=orders$/) : null);
    expect(await second.call(EXPORT)).toEqual({ code: 'account.step_up_required' });

    await second.page.reload();
    await second.waitFor('signed-in');
    expect(await resumed(second)).not.toBeNull();
    expect(await outcomeOf(second, `act.call(${EXPORT})`)).toMatchObject({ userId: before.userId });
    expect(await outcomeOf(second, `act.call(${EXPORT})`)).toEqual({ code: 'account.grant_invalid' });
    expect(await resumed(second)).toBeNull();
    await second.page.reload();
    await second.waitFor('signed-in');
    expect(await resumed(second)).toBeNull();

    expect(await second.run('localStorage.length')).toBe(0);
    if (firstPage === 'gone') return;
    expect(await first.run('asked.outcome()')).toBe('done');
    expect(await first.state()).toEqual(before);
    expect(await resumed(first)).toBeNull();
  });
});

describe('a step-up', () => {
  it('reaches a second instance that takes the place of the first one, with its storage', async () => {
    const person = aPerson();
    const tab = await launch(person);
    const { sessionId } = await tab.state();
    await launch(person, await askFor(tab, 'account.export'), tab);

    expect(await resumed(tab)).toMatchObject({ act: 'account.export', wanted: { colour: 'red' } });
    expect((await tab.state()).sessionId).not.toBe(sessionId);
    expect(device.count(SIGN_IN)).toBe(2);
  });

  it('is not that of another request, nor of another person', async () => {
    const person = aPerson();
    const first = await launch(person);
    const startParam = await askFor(first, 'account.export');
    await askFor(first, 'account.unlink');

    expect(await resumed(await launch(aPerson(), startParam))).toBeNull();
    expect(await resumed(await launch(person, startParam))).toEqual({
      act: 'account.export',
      title: 'Export everything that is stored about you',
    });
  });

  it('does nothing when the person does not want it', async () => {
    const person = aPerson();
    const first = await launch(person);
    const second = await launch(person, await askFor(first, 'account.erase'));
    expect(await resumed(second)).toMatchObject({ title: 'Erase the account' });

    await second.run('act.drop()');

    expect(await resumed(second)).toBeNull();
    expect(await first.me()).toMatchObject({ userId: (await first.state()).userId });
  });

  it('erases the account, and ends the first page’s session', async () => {
    const person = aPerson();
    const first = await launch(person);
    const { userId } = await first.state();
    const second = await launch(person, await askFor(first, 'account.erase'));
    await resumed(second);
    const told = outcomeOf(first, 'asked.outcome()');

    const erase = `act.call('DELETE', '/v1/me', { query: { confirm: '${userId}' } })`;
    expect(await outcomeOf(second, erase)).toEqual({ erasesAt: expect.any(String) as string });

    // The first page asks while its session ends.
    expect(['done', { code: 'session.ended' }]).toContainEqual(await told);
    expect(await first.me()).toEqual({ code: expect.stringMatching(/^session\./) as string });
    expect(await first.state()).toMatchObject({ status: 'signed-out', reason: 'user.erasure_pending' });
  });
});

describe('a join', () => {
  /** The second instance of a person who asks, with its number and the start parameter of its link. */
  async function anAsking(): Promise<{ asking: Tab; userId: string; number: number; startParam: string }> {
    const person = aPerson();
    const first = await launch(person);
    const asking = await launch(person, await askFor(first, 'account.join'));
    await resumed(asking);
    await asking.run('acts.askToJoin(client, act).then((join) => void (window.join = join))');
    const { number, link } = await asking.run<{ number: number; link: string }>(
      'JSON.parse(JSON.stringify(join))',
    );
    const { userId = '' } = await asking.state();
    return { asking, userId, number, startParam: startParamOf(link) };
  }

  it('merges the account of the person who types the number, and of no one by the launch alone', async () => {
    const { asking, userId, number, startParam } = await anAsking();
    const other = await launch(aPerson(), startParam);
    const mine = (await other.state()).userId;
    expect(mine).not.toBe(userId);
    await other.run('void (window.asked = acts.askedJoin(client))');
    expect(await outcomeOf(other, 'asked.describe()')).toMatchObject({
      applicationName: 'Test',
      displayName: null,
    });

    const wrong = number === 99 ? 98 : number + 1;
    expect(await outcomeOf(other, `asked.accept(${wrong})`)).toEqual({ code: 'account.join_number_wrong' });
    expect(await outcomeOf(other, `asked.accept(${number})`)).toEqual({ userId, mergedUserId: mine });

    expect(await asking.run('join.outcome()')).toBe('accepted');
    expect(await other.run('acts.askedJoin(client)')).toBeNull();
  });
});
