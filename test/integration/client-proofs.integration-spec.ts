import type { Proof } from '@countersign/client';
import { askedJoin } from '@countersign/client/acts';
import { finishTelegramLogin, startTelegramLogin } from '@countersign/client/telegram';
import { aPerson } from '../factories';
import { Page } from '../support/client-page';
import {
  anOidcApplication,
  aCaller,
  Browser,
  LANDING,
  landingOf,
  useOidc,
  visitTelegram,
  locationOf,
} from '../support/oidc';
import { signInPerson } from '../support/person-session';
import { proofsOf } from '../support/proofs';
import { askToJoin } from '../support/relaunch';
import { SITE } from '../support/wallets';
import { useFixture } from '../support/use-fixture';

const { app, oidc } = useOidc();
const demo = useFixture(() =>
  anOidcApplication(app, oidc, { origins: [SITE], settings: { wallets: { createsAccounts: true } } }),
);
const pages: Page[] = [];

/** A web page: without init data. */
function aPage(): Page {
  const page = new Page(app, demo, { initData: () => null });
  pages.push(page);
  return page;
}

afterEach(() => {
  for (const { client } of pages.splice(0)) client.close();
});

describe('a page without init data', () => {
  it('is signed out, and says what is missing', async () => {
    const page = aPage();

    await expect(page.client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'session.token_missing' });
    await expect(page.client.signIn()).rejects.toMatchObject({ code: 'local.no_init_data' });

    expect(page.client.session.getSnapshot()).toMatchObject({ status: 'signed-out' });
    expect(page.count('/v1/me')).toBe(page.requests.length);
  });

  it('signs in with the Login Widget', async () => {
    const { client } = aPage();
    const proof = {
      with: 'telegram/login-widget',
      ...proofsOf['telegram/login-widget'](app, demo, aPerson()),
    } as Proof;

    const { userId } = await client.signIn(proof);

    expect((await client.call('GET', '/v1/me')).userId).toBe(userId);
  });

  it('signs in by Log In With Telegram, with a code challenge of its own', async () => {
    const { client } = aPage();
    const begun = keepSession();
    const landing = await landingAfterLogin(aCaller());

    const signedIn = await finishTelegramLogin(client, { address: landing });

    expect(signedIn).toMatchObject({ isNewUser: true, assurance: 'platform' });
    expect(begun.size).toBe(0);
    await expect(finishTelegramLogin(client, { address: landing })).rejects.toMatchObject({
      code: 'local.login_not_begun',
    });
    expect(await finishTelegramLogin(client, { address: SITE })).toBeNull();
  });

  it('keeps an account that is to be erased, by a second call with the same code', async () => {
    const person = aCaller();
    const { client } = aPage();
    keepSession();
    await finishTelegramLogin(client, { address: await landingAfterLogin(person) });
    const { confirm, erasesAt } = await client.call('GET', '/v1/me/erasure');
    await client.call('DELETE', '/v1/me', { query: { confirm } });
    const again = await landingAfterLogin(person);

    await expect(finishTelegramLogin(client, { address: again })).rejects.toMatchObject({
      code: 'user.erasure_pending',
      body: { erasesAt },
    });
    const kept = await finishTelegramLogin(client, { address: again, cancelErasure: true });

    expect(kept).toMatchObject({ isNewUser: false, erasureCancelled: true });
    expect((await client.call('GET', '/v1/me')).userId).toBe(kept?.userId);
  });

  it('repeats the end of a login that the service could not answer', async () => {
    const page = aPage();
    const begun = keepSession();
    const landing = await landingAfterLogin(aCaller());
    page.network = async () => new Response('{"code":"service.unavailable"}', { status: 503 });

    await expect(finishTelegramLogin(page.client, { address: landing })).rejects.toMatchObject({
      status: 503,
    });
    expect(begun.size).toBe(1);
    page.network = (request, pass) => pass(request);

    expect(await finishTelegramLogin(page.client, { address: landing })).toMatchObject({ isNewUser: true });
  });

  it('sends a code once for calls at the same time, as effects of React make them', async () => {
    const page = aPage();
    keepSession();
    const address = await landingAfterLogin(aCaller());

    const [one, other] = await Promise.all([
      finishTelegramLogin(page.client, { address }),
      finishTelegramLogin(page.client, { address }),
    ]);

    expect(other).toBe(one);
    expect(page.count('/v1/auth/exchange')).toBe(1);
  });

  it('takes the answer out of the address of the page, so that a reload is no second login', async () => {
    const { client } = aPage();
    keepSession();
    const shown = beAt(`${await landingAfterLogin(aCaller())}&view=cart#top`);

    await finishTelegramLogin(client);

    expect(shown()).toBe(`${LANDING}&view=cart#top`);
    expect(await finishTelegramLogin(client)).toBeNull();
  });

  it('accepts a join that the start parameter of its login brought', async () => {
    const { client } = aPage();
    const asking = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, asking);
    keepSession();
    const startParam = `j_${code}`;
    const address = await landingAfterLogin(aCaller(), startParam);

    expect(await finishTelegramLogin(client, { address })).toMatchObject({ isNewUser: true, startParam });
    const asked = askedJoin(client);
    await expect(asked?.accept(number === 99 ? 98 : number + 1)).rejects.toMatchObject({
      code: 'account.join_number_wrong',
    });
    expect(await asked?.accept(number)).toMatchObject({ userId: asking.userId });
  });

  it('is told once when the person declines', async () => {
    const { client } = aPage();
    keepSession().set('countersign:login', JSON.stringify({ state: 'mine', verifier: 'v' }));
    beAt(`${LANDING}?error=access_denied&error_description=oidc.login_declined&state=mine`);

    await expect(finishTelegramLogin(client)).rejects.toMatchObject({ code: 'oidc.login_declined' });
    expect(await finishTelegramLogin(client)).toBeNull();
  });

  it.each([
    ['code', 'code=x'],
    ['refusal', 'error=access_denied&error_description=oidc.login_declined'],
  ])('takes no %s of a login that another page began', async (_, answer) => {
    const page = aPage();
    keepSession().set('countersign:login', JSON.stringify({ state: 'mine', verifier: 'v' }));

    const address = `${SITE}?${answer}&state=another`;
    await expect(finishTelegramLogin(page.client, { address })).rejects.toMatchObject({
      code: 'local.login_not_begun',
    });

    expect(page.requests).toEqual([]);
  });

  it('never sends a code twice: its answer lost, the code is spent', async () => {
    const page = aPage();
    page.network = async (request, pass) => {
      await pass(request);
      throw new TypeError('fetch failed');
    };

    await expect(page.client.signIn({ with: 'exchange', code: 'x' })).rejects.toMatchObject({
      code: 'local.unreachable',
    });

    expect(page.requests).toHaveLength(1);
  });
});

/** The page's address after a login that the person has accepted at Telegram. */
async function landingAfterLogin(person: ReturnType<typeof aCaller>, startParam?: string): Promise<string> {
  oidc.nextPerson = person;
  const start = await startTelegramLogin({
    api: `http://127.0.0.1:${app.port}`,
    applicationId: demo.applicationId,
    redirectUri: LANDING,
    ...(startParam !== undefined && { startParam }),
  });
  const browser = new Browser(app);
  const { pathname, search } = new URL(start);
  const telegram = locationOf(await browser.open(pathname + search));
  return landingOf(await browser.open(await visitTelegram(telegram))).href;
}

/** Puts the page at an address. @returns the address that it shows */
function beAt(href: string): () => string {
  const location = { href };
  const history = {
    state: null,
    replaceState: (_state: unknown, _title: string, url: URL) => void (location.href = url.href),
  };
  Object.assign(globalThis, { location, history });
  return () => location.href;
}

/** A `sessionStorage` for the functions that need one. */
function keepSession(): Map<string, string> {
  const texts = new Map<string, string>();
  Object.assign(globalThis, {
    sessionStorage: {
      getItem: (name: string) => texts.get(name) ?? null,
      setItem: (name: string, value: string) => texts.set(name, value),
      removeItem: (name: string) => texts.delete(name),
    },
  });
  return texts;
}

afterEach(() => {
  for (const name of ['sessionStorage', 'location', 'history']) Reflect.deleteProperty(globalThis, name);
});
