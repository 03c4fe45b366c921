import { aPerson } from '../factories';
import { until } from '../support/until';
import { PAST_EXPIRY, REFRESH, SIGN_IN, useDevice, usePlace } from '../system/support/client-in-browser';

const place = usePlace();
const device = useDevice(place);

describe('a page that is reloaded', () => {
  it('while it signs in, has one session', async () => {
    const gate = await device.holdAnswers(SIGN_IN);
    const tab = await device.open({ initData: place.initData() });
    await tab.waitFor('loading');
    await until(() => device.count(SIGN_IN) === 1);

    await tab.page.reload();
    await tab.waitFor('loading');
    gate.open();
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
    expect(device.count(REFRESH)).toBe(0);
  });

  it('while it is signed in, asks for nothing and goes on', async () => {
    const tab = await device.signIn();
    const before = await tab.state();
    device.requests.length = 0;

    await tab.page.reload();
    await tab.waitFor('signed-in');

    expect(await tab.state()).toEqual(before);
    expect(device.requests).toEqual([]);
    expect(await tab.me()).toMatchObject({ userId: before.userId });
  });

  describe('while it refreshes', () => {
    /** In milliseconds: how long the same answer is given again. */
    const REPEAT_MS = 1_800_000;

    /** A page that was reloaded while its refresh was not answered, with its account. */
    async function aReloadedTab() {
      await device.context.clock.install();
      const tab = await device.signIn();
      const { sessionId, userId } = await tab.state();
      const gate = await device.holdAnswers(REFRESH);
      await device.context.clock.fastForward(PAST_EXPIRY);
      await tab.run(`void client.call('GET', '/v1/me').catch(() => undefined)`);
      await until(() => gate.held === 1);
      await tab.page.reload();
      gate.open();
      return { tab, sessionId, userId };
    }

    it('gets the answer that it has missed', async () => {
      const { tab, sessionId, userId } = await aReloadedTab();

      expect(await tab.me()).toMatchObject({ userId });
      expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId });
      const shown = device.sent(REFRESH).map((request) => request.postData());
      expect(shown[0]).toContain('refreshToken');
      expect(shown.length).toBeGreaterThan(1);
      expect(device.renewals()).toBe(1);
      expect(device.count(SIGN_IN)).toBe(1);
    });

    it('signs in again, to the same session, when it comes back after the lost pair has expired', async () => {
      const { tab, sessionId, userId } = await aReloadedTab();
      await device.context.clock.fastForward(REPEAT_MS + 1_000);

      expect(await tab.me()).toMatchObject({ userId });
      expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId });
      expect(device.renewals()).toBe(1);
      expect(device.count(SIGN_IN)).toBe(2);
    });
  });

  it('while it is signed out, stays so until it is asked to sign in', async () => {
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await tab.run('client.signOut()');
    await tab.waitFor('signed-out');

    await tab.page.reload();
    await tab.waitFor('signed-out');

    expect(await tab.me()).toEqual({ code: 'session.token_missing' });
    expect(device.count(SIGN_IN)).toBe(1);
    await tab.run('client.signIn()');
    expect(await tab.me()).toMatchObject({ userId });
  });

  it('while a relaunch is needed, says so again, with the reason', async () => {
    const launchedAt = new Date(Date.now() - 2 * 86_400_000);
    const initData = place.service.initDataOf('usual', aPerson(), { authDate: launchedAt });
    const tab = await device.open({ initData });
    for (let load = 1; load <= 2; load += 1) {
      await tab.waitFor('relaunch-needed');
      expect(await tab.state()).toMatchObject({ reason: 'init_data.auth_date_expired' });
      await tab.page.reload();
    }

    await tab.goto(place.addressOf({ initData: place.initData() }));
    await tab.waitFor('signed-in');
  });

  it('while the service is away, is unreachable, and signs in when it is back', async () => {
    await device.context.route(`**${SIGN_IN}`, (route) => route.abort());
    const tab = await device.open({ initData: place.initData() });
    await tab.waitFor('unreachable');
    await tab.page.reload();
    await tab.waitFor('unreachable');
    await device.context.unrouteAll();

    await tab.page.reload();

    await tab.waitFor('signed-in');
  });
});

describe('a launch by another person in the storage of the first', () => {
  it('is that of the other one, and shows no token of the first', async () => {
    const tab = await device.signIn();
    const first = { ...(await tab.state()), ...(await tab.tokens()) };
    device.requests.length = 0;

    await tab.goto(place.addressOf({ initData: place.initData() }));
    await tab.waitFor('signed-in');

    const { userId } = await tab.state();
    expect(userId).not.toBe(first.userId);
    expect(await tab.me()).toMatchObject({ userId });
    for (const request of device.requests) {
      expect(request.postData() ?? '').not.toContain(first.refreshToken);
      expect((await request.allHeaders())['authorization'] ?? '').not.toContain(first.accessToken);
    }
  });

  it('in a page that lives on, forgets the first one by the code of the refresh', async () => {
    await device.context.clock.install();
    await device.context.addInitScript('clientOptions = { initData: () => window.launch }');
    const tab = await device.open({ waits: true });
    await tab.run(`void (window.launch = ${JSON.stringify(place.initData())}, start())`);
    await tab.waitFor('signed-in');
    const { userId } = await tab.state();
    const [nameOfFirst] = Object.keys(await tab.kept());
    await tab.run(`void (window.launch = ${JSON.stringify(place.initData())})`);
    await device.context.clock.fastForward(PAST_EXPIRY);
    const refused = tab.page.waitForResponse((answer) => answer.url().endsWith(REFRESH));

    const outcome = await tab.me();

    expect(await (await refused).json()).toMatchObject({ status: 409, code: 'session.account_switched' });
    const next = await tab.state();
    expect(next).toMatchObject({ status: 'signed-in' });
    expect(next.userId).not.toBe(userId);
    // What one person asked for is not done as another.
    expect([next.userId, undefined]).toContain(outcome.userId);
    expect(await tab.me()).toMatchObject({ userId: next.userId });
    expect(Object.keys(await tab.kept())).not.toContain(nameOfFirst);
    expect(Object.keys(await tab.kept())).toHaveLength(1);
  });
});
