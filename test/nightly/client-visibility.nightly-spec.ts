import { PAST_EXPIRY, REFRESH, useDevice, usePlace } from '../system/support/client-in-browser';
import type { Tab } from '../system/support/client-tab';

const HOUR = 3_600_000;

const place = usePlace();
const device = useDevice(place);

/** A browser that draws nothing never hides a page: the page is told so. */
async function setHidden(tab: Tab, isHidden: boolean): Promise<void> {
  await tab.run(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${isHidden ? 'hidden' : 'visible'}' });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  })()`);
}

describe('a page that is hidden', () => {
  beforeEach(() => device.context.clock.install());

  it('asks for nothing over hours, and refreshes once when it is shown again', async () => {
    const tab = await device.signIn({ hasKeys: true });
    await setHidden(tab, true);
    device.requests.length = 0;

    await device.context.clock.runFor(3 * HOUR);
    expect(device.requests).toEqual([]);

    await setHidden(tab, false);
    await tab.until(
      `navigator.locks.query().then(({ held, pending }) => held.length + pending.length === 0)`,
    );
    expect(device.requests.map((request) => new URL(request.url()).pathname)).toEqual([REFRESH]);
    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
    expect(device.count(REFRESH)).toBe(1);
  });

  it('of a person without init data asks for nothing when it is shown either', async () => {
    const tab = await device.openWebPage();
    await setHidden(tab, true);
    device.requests.length = 0;
    await device.context.clock.runFor(3 * HOUR);
    await setHidden(tab, false);
    await tab.run('new Promise((resolve) => setTimeout(resolve))');

    expect(device.requests).toEqual([]);
  });
});

describe('a Mini App that Telegram shows again', () => {
  const VISIBLE = JSON.stringify({ eventType: 'visibility_changed', eventData: { is_visible: true } });

  beforeEach(() => device.context.clock.install());

  it.each([
    ['tells it by a message', `postMessage(${JSON.stringify(VISIBLE)}, '*')`],
    ['tells its script', `appListeners.activated()`],
  ])('refreshes a session that is due: Telegram %s', async (_, tell) => {
    await device.context.addInitScript(`
      window.appListeners = {};
      window.Telegram = { WebApp: { onEvent: (event, listener) => { appListeners[event] = listener; } } };
    `);
    const tab = await device.signIn();
    await tab.run('void followTelegramVisibility(client)');
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(device.count(REFRESH)).toBe(0);

    const refreshed = tab.page.waitForResponse((answer) => answer.url().endsWith(REFRESH));
    await tab.run(`void ${tell}`);

    expect((await refreshed).status()).toBe(200);
  });
});
