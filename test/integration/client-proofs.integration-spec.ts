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
    const { client, api } = aPage();
    const person = aCaller();
    oidc.nextPerson = person;
    const begun = keepSession();
    const start = await startTelegramLogin({
      api,
      applicationId: demo.applicationId,
      redirectUri: LANDING,
    });
    const browser = new Browser(app);
    const { pathname, search } = new URL(start);
    const telegram = locationOf(await browser.open(pathname + search));
    const landing = landingOf(await browser.open(await visitTelegram(telegram)));

    const signedIn = await finishTelegramLogin(client, landing.href);

    expect(signedIn).toMatchObject({ isNewUser: true, assurance: 'platform' });
    expect(begun.size).toBe(0);
    await expect(finishTelegramLogin(client, landing.href)).rejects.toMatchObject({
      code: 'local.login_not_begun',
    });
    expect(await finishTelegramLogin(client, SITE)).toBeNull();
  });

  it('accepts a join that the start parameter of its login brought', async () => {
    const { client, api } = aPage();
    const asking = await signInPerson(app, demo);
    const { code, number } = await askToJoin(app, demo, asking);
    oidc.nextPerson = aCaller();
    keepSession();
    const startParam = `j_${code}`;
    const { applicationId } = demo;
    const start = new URL(await startTelegramLogin({ api, applicationId, redirectUri: LANDING, startParam }));
    const browser = new Browser(app);
    const telegram = locationOf(await browser.open(start.pathname + start.search));
    const landing = landingOf(await browser.open(await visitTelegram(telegram)));

    expect(await finishTelegramLogin(client, landing.href)).toMatchObject({ isNewUser: true, startParam });
    const asked = askedJoin(client);
    await expect(asked?.accept(number === 99 ? 98 : number + 1)).rejects.toMatchObject({
      code: 'account.join_number_wrong',
    });
    expect(await asked?.accept(number)).toMatchObject({ userId: asking.userId });
  });

  it('is told when the person declines', async () => {
    const { client } = aPage();
    keepSession().set('countersign:login', JSON.stringify({ state: 'mine', verifier: 'v' }));
    const landing = `${SITE}?error=access_denied&error_description=oidc.login_declined&state=mine`;

    await expect(finishTelegramLogin(client, landing)).rejects.toMatchObject({ code: 'oidc.login_declined' });
  });

  it.each([
    ['code', 'code=x'],
    ['refusal', 'error=access_denied&error_description=oidc.login_declined'],
  ])('takes no %s of a login that another page began', async (_, answer) => {
    const page = aPage();
    keepSession().set('countersign:login', JSON.stringify({ state: 'mine', verifier: 'v' }));

    await expect(finishTelegramLogin(page.client, `${SITE}?${answer}&state=another`)).rejects.toMatchObject({
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
  Reflect.deleteProperty(globalThis, 'sessionStorage');
});
