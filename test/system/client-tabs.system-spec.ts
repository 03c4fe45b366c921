import { until } from '../support/until';
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
});
