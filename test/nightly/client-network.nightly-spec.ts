import { aPerson } from '../factories';
import { until } from '../support/until';
import { PAST_EXPIRY, REFRESH, SIGN_IN, useDevice, usePlace } from '../system/support/client-in-browser';

/** In milliseconds: longer than the service repeats its answer to a refresh token. */
const PAST_REPETITION = 1_800_000;

const place = usePlace();
const device = useDevice(place);

describe('a lost answer to a refresh', () => {
  beforeEach(() => device.context.clock.install());

  it('is asked for again at once, with the same token, and the session goes on', async () => {
    const tab = await device.signIn();
    const { sessionId } = await tab.state();
    await device.loseAnswers(REFRESH, 1);
    await device.context.clock.fastForward(PAST_EXPIRY);

    expect(await tab.me()).toMatchObject({ userId: expect.any(String) as string });

    const shown = device.sent(REFRESH).map((request) => request.postData());
    expect(shown).toEqual([expect.stringContaining('refreshToken'), shown[0]]);
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(await tab.me()).toMatchObject({ userId: expect.any(String) as string });
    expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId });
    expect(device.count(REFRESH)).toBe(3);
    expect(device.count(SIGN_IN)).toBe(1);
  });

  it('is not asked for once the lost pair has expired: the page signs in by its init data', async () => {
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await device.loseAnswers(REFRESH, 2);
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
    expect(await tab.state()).toMatchObject({ status: 'signed-in' });
    await device.context.clock.fastForward(PAST_REPETITION);

    expect(await tab.me()).toMatchObject({ userId });

    expect(device.count(REFRESH)).toBe(2);
    expect(device.count(SIGN_IN)).toBe(2);
  });

  it('is not asked for later after a reload either', async () => {
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await device.loseAnswers(REFRESH, 2);
    await device.context.clock.fastForward(PAST_EXPIRY);
    await tab.me();
    await device.context.clock.fastForward(PAST_REPETITION);

    await tab.page.reload();
    await tab.waitFor('signed-in');

    expect(await tab.me()).toMatchObject({ userId });
    expect(device.count(REFRESH)).toBe(2);
  });

  it('is asked for minutes later by a web page, whose session goes on', async () => {
    const tab = await device.openWebPage();
    const { sessionId } = await tab.state();
    await device.spoilToken(await tab.tokens('localStorage'));
    await device.loseAnswers(REFRESH, 2);
    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
    await device.context.clock.fastForward(PAST_REPETITION / 2);

    expect(await tab.me()).toMatchObject({ userId: expect.any(String) as string });

    expect(await tab.state()).toMatchObject({ status: 'signed-in', sessionId });
    expect(device.count(REFRESH)).toBe(3);
  });

  it('signs a web page out where it cannot be asked for in time', async () => {
    const tab = await device.openWebPage();
    await device.spoilToken(await tab.tokens('localStorage'));
    await device.loseAnswers(REFRESH, 2);
    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
    await device.context.clock.fastForward(PAST_REPETITION);

    await tab.me();

    expect(await tab.state()).toMatchObject({ status: 'signed-out', reason: 'local.refresh_lost' });
    expect(device.count(REFRESH)).toBe(2);
  });
});

describe('a page that is offline', () => {
  it('is unreachable before a sign-in, and signs in when it is online again', async () => {
    const tab = await device.open({ initData: place.initData(), waits: true });
    await device.context.setOffline(true);
    await tab.run('void start()');
    await tab.waitFor('unreachable');

    await device.context.setOffline(false);

    await tab.waitFor('signed-in');
    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
  });

  it('loses nothing of a session: calls fail, and work again', async () => {
    const tab = await device.signIn();
    const before = await tab.tokens();
    await device.context.setOffline(true);
    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
    expect(await tab.state()).toMatchObject({ status: 'signed-in' });

    await device.context.setOffline(false);

    expect(await tab.me()).toMatchObject({ userId: (await tab.state()).userId });
    expect(await tab.tokens()).toEqual(before);
    expect(device.count(SIGN_IN)).toBe(1);
    expect(device.count(REFRESH)).toBe(0);
  });

  it('loses nothing of a session that was due meanwhile', async () => {
    await device.context.clock.install();
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await device.context.setOffline(true);
    await device.context.clock.fastForward(PAST_EXPIRY);
    expect(await tab.me()).toEqual({ code: 'local.unreachable' });
    await device.context.clock.fastForward(PAST_REPETITION);
    expect(await tab.state()).toMatchObject({ status: 'signed-in', userId });

    await device.context.setOffline(false);

    await until(async () => (await tab.me()).userId === userId);
    expect(await tab.state()).toMatchObject({ status: 'signed-in', userId });
  });
});

describe('a session that was ended elsewhere', () => {
  it('is noticed at the next call: init data signs in anew, once', async () => {
    const person = aPerson();
    const tab = await device.signIn({ initData: place.initData(person) });
    const { sessionId, userId } = await tab.state();
    const { accessToken } = await tab.tokens();
    await place.asPerson(accessToken, 'POST', '/v1/auth/logout');

    expect(await tab.me()).toMatchObject({ userId });

    const next = await tab.state();
    expect(next).toMatchObject({ status: 'signed-in', userId });
    expect(next.sessionId).not.toBe(sessionId);
    expect(device.count(SIGN_IN)).toBe(2);
    await place.asPerson((await tab.tokens()).accessToken, 'POST', '/v1/auth/logout');
    expect(await tab.me()).toEqual({ code: 'session.ended' });
    expect(await tab.state()).toMatchObject({ status: 'relaunch-needed', reason: 'session.ended' });
    expect(device.count(SIGN_IN)).toBe(2);
  });

  it('by "end all" on another device opens no other one with the init data from before', async () => {
    const person = aPerson();
    const tab = await device.signIn({ initData: place.initData(person) });
    const other = await place.device();
    const elsewhere = await other.signIn({ initData: place.initData(person) });
    await elsewhere.call(`'DELETE', '/v1/me/sessions', { query: { all: true } }`);
    await other.context.close();

    expect(await tab.me()).toEqual({ code: 'session.ended' });

    expect(await tab.state()).toMatchObject({ status: 'relaunch-needed' });
    expect(await tab.kept()).toEqual({});
  });

  it('signs a web page out', async () => {
    const tab = await device.openWebPage();
    const { accessToken } = await tab.tokens('localStorage');
    await place.asPerson(accessToken, 'POST', '/v1/auth/logout');

    expect(await tab.me()).toEqual({ code: 'session.ended' });

    expect(await tab.state()).toMatchObject({ status: 'signed-out', reason: 'session.ended' });
    expect(device.count(SIGN_IN)).toBe(1);
  });
});
