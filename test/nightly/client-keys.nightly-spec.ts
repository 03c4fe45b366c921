import { aPerson } from '../factories';
import { PAST_EXPIRY, REFRESH, SIGN_IN, useDevice, usePlace } from '../system/support/client-in-browser';
import type { Tab } from '../system/support/client-tab';

const HOUR = 3_600_000;
const IN_KEYS = (work: string): string => `new Promise((resolve, reject) => {
  const opening = indexedDB.open('countersign', 1);
  opening.onerror = reject;
  opening.onsuccess = () => {
    const keys = opening.result.transaction('keys').objectStore('keys').getAll();
    keys.onsuccess = () => (opening.result.close(), resolve((${work})(keys.result)));
  };
})`;

const place = usePlace();
const device = useDevice(place);

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

  it('that is lost while its session is bound asks for a relaunch, and another launch signs in', async () => {
    const launch = { application: 'strict', hasKeys: true } as const;
    const person = aPerson();
    const tab = await device.signIn({ ...launch, initData: place.initData(person, 'strict') });
    const { userId } = await tab.state();
    await tab.run(
      `new Promise((resolve, reject) => Object.assign(indexedDB.deleteDatabase('countersign'), { onsuccess: resolve, onerror: reject, onblocked: reject })).then(() => 0)`,
    );
    await tab.page.reload();
    await tab.waitFor('signed-in');

    expect((await tab.me()).code).toMatch(/^dpop\./);

    await tab.waitFor('relaunch-needed');
    expect((await tab.state()).reason).toMatch(/^dpop\./);
    await tab.goto(place.addressOf({ ...launch, initData: place.initData(person, 'strict') }));
    await tab.waitFor('signed-in');
    expect(await tab.me()).toMatchObject({ userId });
  });
});

describe('a device whose clock is wrong', () => {
  it.each([
    ['an hour behind', -HOUR, false],
    ['an hour ahead', HOUR, false],
    ['an hour behind, with a device key', -HOUR, true],
    ['an hour ahead, with a device key', HOUR, true],
  ])('signs in, calls, reloads and refreshes: %s', async (_, shift, isBound) => {
    await device.context.clock.install({ time: Date.now() + shift });
    const application = isBound ? 'strict' : 'usual';
    const launch = {
      application,
      initData: place.initData(undefined, application),
      hasKeys: isBound,
    } as const;
    const tab = await device.signIn(launch);
    const signIns = device.count(SIGN_IN);
    const { userId, sessionId } = await tab.state();
    expect(await tab.state()).toMatchObject({ isBound });

    expect(await tab.me()).toMatchObject({ userId });
    await tab.page.reload();
    await tab.waitFor('signed-in');
    expect(await tab.me()).toMatchObject({ userId });
    expect(device.count(REFRESH)).toBe(0);
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(await tab.me()).toMatchObject({ userId });

    expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId, isBound });
    expect(device.count(REFRESH)).toBeGreaterThan(0);
    expect(device.count(SIGN_IN)).toBe(signIns);
  });

  it('refreshes once more where the clock is set right while the page is open', async () => {
    await device.context.clock.install({ time: Date.now() - HOUR });
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await device.context.clock.setSystemTime(Date.now());

    expect(await tab.me()).toMatchObject({ userId });
    expect(await tab.me()).toMatchObject({ userId });

    expect(device.count(REFRESH)).toBe(1);
    expect(device.count(SIGN_IN)).toBe(1);
  });
});
