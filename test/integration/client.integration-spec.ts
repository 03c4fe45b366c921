import { aPerson, times } from '../factories';
import { aStore, losingAnswers, Page } from '../support/client-page';
import { useApplication, useTestApp } from '../support/use-test-app';

const REFRESH = '/v1/auth/refresh';
const SIGN_IN = '/v1/auth/telegram/init-data';

const app = useTestApp();
const demo = useApplication(app);
const pages: Page[] = [];

function aPage(options: Partial<Page['options']> = {}, person = aPerson()): Page {
  const initData = app.initDataOf(demo, person);
  const page = new Page(app, demo, { initData: () => initData, ...options });
  pages.push(page);
  return page;
}

afterEach(() => {
  for (const { client } of pages.splice(0)) client.close();
});

describe('a page with init data', () => {
  it('is signed in by the first call, and needs one sign-in for many', async () => {
    const { client, count } = bound(aPage());

    const answers = await Promise.all(times(20, () => client.call('GET', '/v1/me')));

    expect(count(SIGN_IN)).toBe(1);
    expect(client.session.getSnapshot()).toMatchObject({
      status: 'signed-in',
      userId: answers[0]?.userId,
      isNewUser: true,
      assurance: 'platform',
      isBound: false,
    });
  });

  it('has the session again after a reload, without a sign-in', async () => {
    const store = aStore();
    const person = aPerson();
    const before = await aPage({ store }, person).client.signIn();
    const page = aPage({ store }, person);

    expect(await page.client.signIn()).toEqual(before);
    expect(page.requests).toEqual([]);
  });

  it('refreshes once for 100 calls at the expiry, and repeats each', async () => {
    const { client, count, requests } = bound(aPage());
    await client.signIn();
    app.clock.advance(3_600);

    const answers = await Promise.all(times(100, () => client.call('GET', '/v1/me')));

    expect(answers).toHaveLength(100);
    expect(count(REFRESH)).toBe(1);
    expect(requests.filter(({ status }) => status !== 200 && status !== 401)).toEqual([]);
  });

  /** The page after a refresh whose answers were both lost, loaded again so many seconds later. */
  async function afterLostAnswers(seconds: number): Promise<{ page: Page; userId: string }> {
    const page = aPage();
    const { userId } = await page.client.signIn();
    app.clock.advance(3_600);
    page.network = losingAnswers(REFRESH, 2);
    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'local.unreachable' });
    expect(page.client.session.getSnapshot()).toMatchObject({ status: 'signed-in' });
    expect(page.count(REFRESH)).toBe(2);
    app.clock.advance(seconds);
    const store = shownEarlier(page.store, seconds * 1_000);
    return { page: aPage({ initData: page.options.initData, store }), userId };
  }

  it('gets the answer to a refresh that was lost minutes ago, and goes on', async () => {
    const { page, userId } = await afterLostAnswers(20 * 60);

    expect(await page.client.call('GET', '/v1/me')).toMatchObject({ userId });

    expect(page.count(REFRESH)).toBe(1);
    expect(page.count(SIGN_IN)).toBe(0);
  });

  it('asks for it no longer when the lost pair has expired: it signs in again', async () => {
    const { page, userId } = await afterLostAnswers(30 * 60);

    expect(await page.client.call('GET', '/v1/me')).toMatchObject({ userId });

    expect(page.count(REFRESH)).toBe(0);
    expect(page.count(SIGN_IN)).toBe(1);
  });

  it('asks for a relaunch when its refresh token was used by another party', async () => {
    const page = aPage();
    await page.client.signIn();
    await app.refresh(tokensOf(page).refreshToken);
    app.clock.advance(3_600);

    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ status: 401 });

    expect(page.client.session.getSnapshot()).toMatchObject({
      status: 'relaunch-needed',
      reason: 'session.refresh_reused',
    });
    await expect(page.client.signIn()).rejects.toMatchObject({ code: 'auth.proof_used' });
    expect(page.count(SIGN_IN)).toBe(2);
  });

  it('forgets the session of another person, and signs in the one of the init data', async () => {
    let initData = app.initDataOf(demo);
    const page = aPage({ initData: () => initData });
    const before = await page.client.signIn();
    initData = app.initDataOf(demo);
    app.clock.advance(3_600);

    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ status: 401 });

    expect(page.client.session.getSnapshot()).toMatchObject({ status: 'signed-in', isNewUser: true });
    expect((await page.client.call('GET', '/v1/me')).userId).not.toBe(before.userId);
  });

  it('signs in again, once, when the session was ended by a logout elsewhere', async () => {
    const page = aPage();
    const before = await page.client.signIn();
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${tokensOf(page).accessToken}`);

    expect((await page.client.call('GET', '/v1/me')).userId).toBe(before.userId);

    const second = await page.client.signIn();
    expect(second.sessionId).not.toBe(before.sessionId);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${tokensOf(page).accessToken}`);
    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'session.ended' });
    expect(page.client.session.getSnapshot()).toMatchObject({
      status: 'relaunch-needed',
      reason: 'session.ended',
    });
    expect(page.count(SIGN_IN)).toBe(2);
  });

  it('ends the session at the service by a sign-out, and stays signed out after a reload of this launch', async () => {
    const store = aStore();
    const person = aPerson();
    const page = aPage({ store }, person);
    await page.client.signIn();
    const { accessToken } = tokensOf(page);

    await page.client.signOut();

    expect((await app.getMe(accessToken)).body).toMatchObject({ code: 'session.ended' });
    expect(page.client.session.getSnapshot()).toEqual({ status: 'signed-out' });
    const reloaded = aPage({ store, initData: page.options.initData });
    await expect(reloaded.client.call('GET', '/v1/me')).rejects.toMatchObject({
      code: 'session.token_missing',
    });
    expect(reloaded.count(SIGN_IN)).toBe(0);
    expect(await reloaded.client.signIn()).toMatchObject({ isNewUser: false });
  });

  it('drops the answer of a refresh that comes after a sign-out', async () => {
    const page = aPage();
    await page.client.signIn();
    app.clock.advance(3_600);
    let isOut: Promise<void> | undefined;
    page.network = async (request, pass) => {
      const answer = await pass(request);
      if (new URL(request.url).pathname === REFRESH) await (isOut = page.client.signOut());
      return answer;
    };

    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ status: 401 });

    await isOut;
    expect(page.client.session.getSnapshot()).toEqual({ status: 'signed-out' });
    expect([...page.store.texts.values()].join()).not.toContain('cs_rt_');
  });
});

function bound(page: Page) {
  return { client: page.client, requests: page.requests, count: (path: string) => page.count(path) };
}

/** The store, as if its refresh token had been shown so much earlier. */
function shownEarlier(store: ReturnType<typeof aStore>, ms: number): ReturnType<typeof aStore> {
  const later = aStore();
  for (const [name, text] of store.texts) {
    const kept = JSON.parse(text) as { usedAt: number };
    later.texts.set(name, JSON.stringify({ ...kept, usedAt: kept.usedAt - ms }));
  }
  return later;
}

function tokensOf(page: Page): { accessToken: string; refreshToken: string } {
  const [text] = page.store.texts.values();
  return (JSON.parse(text ?? '') as { pair: { accessToken: string; refreshToken: string } }).pair;
}
