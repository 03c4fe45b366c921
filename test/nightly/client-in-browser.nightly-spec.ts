import type { Frame } from 'playwright-core';
import { aPerson } from '../factories';
import { until } from '../support/until';
import {
  PAST_EXPIRY,
  REFRESH,
  SIGN_IN,
  useDevice,
  usePlace,
  type Launch,
} from '../system/support/client-in-browser';
import { Tab } from '../system/support/client-tab';

const HOUR = 3_600_000;
/** What clients of Telegram on the web give the frame of a Mini App. */
const SANDBOX_OF_TELEGRAM =
  'allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-storage-access-by-user-activation';
const IN_KEYS = (work: string): string => `new Promise((resolve, reject) => {
  const opening = indexedDB.open('countersign', 1);
  opening.onerror = reject;
  opening.onsuccess = () => {
    const keys = opening.result.transaction('keys').objectStore('keys').getAll();
    keys.onsuccess = () => (opening.result.close(), resolve((${work})(keys.result)));
  };
})`;

/** Many rules of the client are those of `published/client`: here is what only a browser with its storage and its locks shows. */
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

function countKeys(tab: Tab): Promise<number> {
  return tab.run(IN_KEYS('(found) => found.length'));
}

/** The x coordinates of all keys in DPoP headers: one for each key. */
async function keysShown(): Promise<Set<string>> {
  const shown = await Promise.all(
    device.requests.map(async (request) => (await request.allHeaders())['dpop']?.split('.')[0]),
  );
  const headers = shown.filter((header) => header !== undefined);
  return new Set(
    headers.map(
      (header) => (JSON.parse(Buffer.from(header, 'base64url').toString()) as { jwk: { x: string } }).jwk.x,
    ),
  );
}

describe('a page whose storage is blocked, in a frame of another site', () => {
  it('signs in, calls, and signs in again after a reload', async () => {
    const tab = await openFrame({ initData: place.initData() });
    await tab.waitFor('signed-in');
    await expect(tab.run('sessionStorage.length')).rejects.toThrow('SecurityError');
    const { userId, sessionId } = await tab.state();
    expect(await tab.me()).toMatchObject({ userId });

    await tab.run('void location.reload()');
    await until(() => device.count(SIGN_IN) === 2);
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId });
    expect(await tab.state()).toMatchObject({ sessionId });
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

  it('says that it is unreachable where its sandbox takes its origin away, and does not break', async () => {
    const tab = await openFrame({ initData: place.initData() }, 'allow-scripts');

    await tab.waitFor('unreachable');

    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
  });
});

describe('a device key', () => {
  it('is one for three tabs that open together, and signs all of them in', async () => {
    const launch = {
      application: 'strict',
      initData: place.initData(undefined, 'strict'),
      hasKeys: true,
      waits: true,
    } as const;
    const tabs = [await device.open(launch), await device.open(launch), await device.open(launch)];

    await Promise.all(tabs.map((tab) => tab.run('void start()')));
    await Promise.all(tabs.map((tab) => tab.waitFor('signed-in')));

    const states = await Promise.all(tabs.map((tab) => tab.state()));
    const [{ userId } = {}] = states;
    expect(states).toMatchObject([
      { isBound: true, userId },
      { isBound: true, userId },
      { isBound: true, userId },
    ]);
    for (const tab of tabs) expect(await tab.me()).toMatchObject({ userId });
    expect(await Promise.all(tabs.map(countKeys))).toEqual([1, 1, 1]);
    expect((await keysShown()).size).toBe(1);
  });

  it('binds from the second launch on, survives reloads and a sign-out, and cannot be taken away', async () => {
    const person = aPerson();
    const tab = await device.signIn({ initData: place.initData(person), hasKeys: true });
    expect(await tab.state()).toMatchObject({ isBound: false });
    await tab.run('sessionStorage.clear()');

    await tab.goto(place.addressOf({ initData: place.initData(person), hasKeys: true }));
    await tab.waitFor('signed-in');
    expect(await tab.state()).toMatchObject({ isBound: true });
    await tab.page.reload();
    await tab.waitFor('signed-in');
    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
    await tab.run('client.signOut()');
    await tab.run('client.signIn()');

    expect(await tab.state()).toMatchObject({ isBound: true });
    expect(await countKeys(tab)).toBe(1);
    expect((await keysShown()).size).toBe(1);
    const exported = IN_KEYS(
      `([{ privateKey }]) => crypto.subtle.exportKey('jwk', privateKey).then(() => 'exported', ({ name }) => name)`,
    );
    expect(await tab.run(exported)).toBe('InvalidAccessError');
  });
});

describe('a device whose clock is wrong', () => {
  it.each([
    ['an hour behind', -HOUR],
    ['an hour ahead', HOUR],
  ])('signs in with a device key, calls, reloads and refreshes: %s', async (_, shift) => {
    await device.context.clock.install({ time: Date.now() + shift });
    const initData = place.initData(undefined, 'strict');
    const launch = { application: 'strict', initData, hasKeys: true } as const;
    const tab = await device.signIn(launch);
    const signIns = device.count(SIGN_IN);
    const { userId, sessionId } = await tab.state();
    expect(await tab.state()).toMatchObject({ isBound: true });

    expect(await tab.me()).toMatchObject({ userId });
    await tab.page.reload();
    await tab.waitFor('signed-in');
    expect(await tab.me()).toMatchObject({ userId });
    expect(device.count(REFRESH)).toBe(0);
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(await tab.me()).toMatchObject({ userId });

    expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId, isBound: true });
    expect(device.count(REFRESH)).toBeGreaterThan(0);
    expect(device.count(SIGN_IN)).toBe(signIns);
  });
});
