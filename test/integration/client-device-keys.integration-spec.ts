import type { DeviceKey, DeviceKeys } from '@countersign/client';
import { deviceKeys } from '@countersign/client/device-keys';
import { aPerson } from '../factories';
import { aStore, Page } from '../support/client-page';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const REFRESH = '/v1/auth/refresh';

const app = useTestApp();
const demo = useApplication(app);
const pages: Page[] = [];

function aPage(options: Partial<Page['options']> = {}, of: Demo = demo): Page {
  const initData = app.initDataOf(of, aPerson());
  const page = new Page(app, of, { initData: () => initData, ...options });
  page.network = async (request, pass) => withDate(await pass(request), app.clock.now());
  pages.push(page);
  return page;
}

/** The answer of a service with this clock. */
function withDate({ body, status, headers }: Response, now: Date): Response {
  const dated = new Headers(headers);
  dated.set('date', now.toUTCString());
  return new Response(body, { status, headers: dated });
}

/** The key of one device: made in its first load, and found by the later ones. */
function aDevice(): { readonly first: DeviceKeys; readonly later: DeviceKeys } {
  const made = deviceKeys()('a test');
  const as = (isStored: boolean) => async (): Promise<DeviceKey> => {
    const key = await made;
    if (!key) throw new Error('no key was made');
    return { isStored, send: (...input) => key.send(...input) };
  };
  return { first: as(false), later: as(true) };
}

afterEach(() => {
  for (const { client } of pages.splice(0)) client.close();
});

describe('a page with a device key', () => {
  it('binds no session in the load that made the key', async () => {
    const { client } = aPage({ deviceKeys: aDevice().first });

    expect(await client.signIn()).toMatchObject({ isBound: false });
  });

  it('binds the session in a later load, calls and refreshes with proofs, and signs out', async () => {
    const page = aPage({ deviceKeys: aDevice().later });

    expect(await page.client.signIn()).toMatchObject({ isBound: true });

    await page.client.call('GET', '/v1/me');
    app.clock.advance(3_600);
    await page.client.call('GET', '/v1/me');
    const refreshes = page.requests.filter(({ path }) => path === REFRESH);
    // The clock of the device stayed behind.
    expect(refreshes.map(({ status }) => status)).toEqual([401, 200]);
    expect(new Set(refreshes.map(({ body }) => body)).size).toBe(1);
    await page.client.signOut();
    expect(page.requests.at(-1)).toMatchObject({ path: '/v1/oauth/revoke', status: 200 });
  });

  it('binds at once where the application requires it', async () => {
    const strict = await app.createApplication({ settings: { deviceKey: { required: true } } });
    const page = aPage({ deviceKeys: aDevice().first }, strict);

    expect(await page.client.signIn()).toMatchObject({ isBound: true });
    expect(page.requests[0]?.status).toBe(401);
  });

  it('goes on without the key where the init data has a session without one', async () => {
    const device = aDevice();
    const before = aPage({ deviceKeys: device.first });
    const { sessionId } = await before.client.signIn();
    const page = aPage({ ...before.options, store: aStore(), deviceKeys: device.later });

    expect(await page.client.signIn()).toMatchObject({ sessionId, isBound: false });
    await page.client.call('GET', '/v1/me');
  });

  it('signs in again by its key after a sign-out', async () => {
    const page = aPage({ deviceKeys: aDevice().later });
    await page.client.signIn();
    await page.client.signOut();

    expect(await page.client.signIn()).toMatchObject({ isBound: true });
  });

  it.each([
    ['another key', () => aDevice().later],
    ['no key', () => () => Promise.resolve(null)],
  ])('asks for a relaunch where the key was lost: a sign-in with %s', async (_, lose) => {
    const before = aPage({ deviceKeys: aDevice().later });
    await before.client.signIn();
    const page = aPage({ ...before.options, store: aStore(), deviceKeys: lose() });

    await expect(page.client.signIn()).rejects.toMatchObject({ code: 'dpop.other_key' });

    expect(page.client.session.getSnapshot()).toMatchObject({
      status: 'relaunch-needed',
      reason: 'dpop.other_key',
    });
    expect(page.requests.every(({ status }) => status === 401)).toBe(true);
  });
});
