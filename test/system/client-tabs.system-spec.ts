import { setTimeout as sleep } from 'node:timers/promises';
import { times } from '../factories';
import { until } from '../support/until';
import { BRIEF_IDLE_SECONDS } from './support/built-service';
import { PAST_EXPIRY, REFRESH, SIGN_IN, useDevice, usePlace } from './support/client-in-browser';

const place = usePlace();
const device = useDevice(place);

describe('two tabs', () => {
  it('race for a refresh, and renew once, in turn', async () => {
    await device.context.clock.install();
    const initData = place.initData();
    const one = await device.signIn({ initData });
    const two = await device.signIn({ initData });
    const userId = (await one.me()).userId;
    const before = await one.tokens();
    let isHeld = true;
    await device.context.route(`**${REFRESH}`, async (route) => {
      await until(() => !isHeld);
      await route.continue();
    });
    await device.context.clock.fastForward(PAST_EXPIRY);

    const answers = Promise.all([one.me(), two.me()]);
    await one.until(
      'navigator.locks.query().then(({ held, pending }) => held.length === 1 && pending.length === 1)',
    );
    isHeld = false;

    expect(await answers).toEqual([expect.objectContaining({ userId }), expect.objectContaining({ userId })]);
    expect(device.renewals()).toBe(1);
    const after = await one.tokens();
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(await two.tokens()).toEqual(after);
    expect(await Promise.all([one.me(), two.me()])).toMatchObject([{ userId }, { userId }]);
    expect(device.count(SIGN_IN)).toBeLessThanOrEqual(2);
  });

  it('are signed out together', async () => {
    const initData = place.initData();
    const one = await device.signIn({ initData });
    const two = await device.signIn({ initData });

    await one.run('client.signOut()');

    await two.waitFor('signed-out');
    await two.page.reload();
    await two.waitFor('signed-out');
    expect(await two.me()).toEqual({ code: 'session.token_missing' });
    expect(device.count(REFRESH)).toBe(0);
  });
});

describe('200 calls in two tabs at the expiry', () => {
  it('renew the session once, and all are answered', async () => {
    const one = await device.openWebPage('brief');
    const { userId } = await one.state();
    const two = await device.signIn({ application: 'brief', initData: null });
    await one.waitFor('signed-in');
    await one.me();
    await sleep(BRIEF_IDLE_SECONDS * 1000);

    const calls = `Promise.all(Array.from({ length: 100 }, () => client.call('GET', '/v1/me'))).then(
      (answers) => answers.map(({ userId }) => userId))`;
    const answers = await Promise.all([one.run<string[]>(calls), two.run<string[]>(calls)]);

    expect(answers.flat()).toEqual(times(200, () => userId));
    expect(device.renewals()).toBe(1);
    expect(device.count('/v1/me')).toBeGreaterThan(201);
    expect(device.count(SIGN_IN)).toBe(1);
  });
});
