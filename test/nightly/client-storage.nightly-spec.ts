import type { Frame } from 'playwright-core';
import { until } from '../support/until';
import { REFRESH, SIGN_IN, useDevice, usePlace, type Launch } from '../system/support/client-in-browser';
import { Tab } from '../system/support/client-tab';

/** What clients of Telegram on the web give the frame of a Mini App. */
const SANDBOX_OF_TELEGRAM =
  'allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-storage-access-by-user-activation';
const STORAGES = ['localStorage', 'sessionStorage', 'navigator.locks.query()'];

const place = usePlace({ blocksStorageOfOtherSites: true });
const device = useDevice(place);

/** Opens the page in a frame of another site: storage is blocked there. */
async function openFrame(launch: Launch, sandbox = SANDBOX_OF_TELEGRAM): Promise<Tab> {
  const page = await device.context.newPage();
  const query = new URLSearchParams({ sandbox, src: place.addressOf(launch) });
  await page.goto(`${place.server.otherOrigin}/frame?${query.toString()}`);
  const frame = page.frames().find((each): each is Frame => each !== page.mainFrame());
  if (!frame) throw new Error('there is no frame');
  return new Tab(page, frame);
}

function failureOf(tab: Tab, expression: string): Promise<string> {
  return tab.run(`Promise.resolve().then(() => ${expression}).then(() => 'works', ({ name }) => name)`);
}

describe('a page whose storage is blocked, in a frame of another site', () => {
  it('signs in, calls, and signs in again after a reload', async () => {
    const tab = await openFrame({ initData: place.initData() });
    await tab.waitFor('signed-in');
    for (const storage of STORAGES) expect(await failureOf(tab, storage)).toBe('SecurityError');
    const { userId, sessionId } = await tab.state();
    expect(await tab.me()).toMatchObject({ userId });

    await tab.run('void location.reload()');
    await until(() => device.count(SIGN_IN) === 2);
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId });
    expect(await tab.state()).toMatchObject({ sessionId });
  });

  it('refreshes, and signs out', async () => {
    await device.context.addInitScript(
      `clientOptions = { fetch: async (request) => (window.lastRequest = request.clone(), fetch(request)) }`,
    );
    const tab = await openFrame({ initData: place.initData() });
    await tab.waitFor('signed-in');
    await tab.me();
    const [, accessToken = ''] = (await tab.run<string>(`lastRequest.headers.get('authorization')`)).split(
      ' ',
    );
    await device.spoilToken({ accessToken });

    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
    expect(device.count(REFRESH)).toBe(1);
    await tab.run('client.signOut()');
    await tab.waitFor('signed-out');
  });

  it('has a key for this load where the application requires one', async () => {
    const tab = await openFrame({
      application: 'strict',
      initData: place.initData(undefined, 'strict'),
      hasKeys: true,
    });
    await tab.waitFor('signed-in');

    expect(await tab.state()).toMatchObject({ isBound: true });
    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
  });

  it('binds no session to a key that would be lost', async () => {
    const tab = await openFrame({ initData: place.initData(), hasKeys: true });
    await tab.waitFor('signed-in');

    expect(await tab.state()).toMatchObject({ isBound: false });
  });

  it('says that it is unreachable where its sandbox takes its origin away, and does not break', async () => {
    const tab = await openFrame({ initData: place.initData() }, 'allow-scripts');

    await tab.waitFor('unreachable');

    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
  });
});

describe('a page whose storage is lost', () => {
  it('has its session again by its init data', async () => {
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await tab.run('sessionStorage.clear()');

    await tab.page.reload();
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId });
    expect(device.count(SIGN_IN)).toBe(2);
  });

  it('is signed out where it has none', async () => {
    const tab = await device.openWebPage();
    await tab.run('localStorage.clear()');

    await tab.page.reload();

    await tab.waitFor('signed-out');
  });

  it('goes on where what is stored is damaged', async () => {
    const tab = await device.signIn();
    await tab.run(`Object.keys(sessionStorage).forEach((name) => (sessionStorage[name] = '{"version":'))`);

    await tab.page.reload();
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
  });
});
